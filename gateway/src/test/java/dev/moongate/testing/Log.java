package dev.moongate.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** What is logged under a name while it is open. May be read while others write. */
public final class Log implements AutoCloseable {
  private final Logger logger;
  private final Level before;
  private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          // Their text is made when somebody asks for it, and by then what it names has changed.
          event.prepareForDeferredProcessing();
          events.add(event);
        }
      };

  private Log(String name, Level level) {
    logger = (Logger) LoggerFactory.getLogger(name);
    before = logger.getLevel();
    if (level != null) {
      logger.setLevel(level);
    }
    appender.start();
    logger.addAppender(appender);
  }

  /** What is logged anyway, by anybody. */
  public static Log ofAll() {
    return new Log(org.slf4j.Logger.ROOT_LOGGER_NAME, null);
  }

  /** What is logged anyway, by one class. */
  public static Log of(Class<?> type) {
    return new Log(type.getName(), null);
  }

  /** All that the gateway could log at its most talkative. */
  public static Log ofTheGatewayInFull() {
    return new Log("dev.moongate", Level.TRACE);
  }

  public List<ILoggingEvent> events() {
    return events;
  }

  /** All of it as one text: messages, members and what was thrown. */
  public String text() {
    StringBuilder text = new StringBuilder();
    for (ILoggingEvent event : events) {
      text.append(event.getFormattedMessage())
          .append(event.getKeyValuePairs())
          .append(event.getThrowableProxy())
          .append('\n');
    }
    return text.toString();
  }

  @Override
  public void close() {
    logger.detachAppender(appender);
    logger.setLevel(before);
  }
}
