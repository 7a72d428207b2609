package dev.moongate.db;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postgresql.Driver;

/**
 * A PostgreSQL server and how to connect to it. The URL is taken apart at once, so that its
 * password reaches the driver but no message.
 */
final class PostgresServer {
  private static final Pattern URL =
      Pattern.compile("jdbc:postgresql://(?:([^/?]*)@)?([^/?@]*)(/[^?@]*)?(\\?(?![^=&]*@).*)?");
  private static final Pattern HOSTS =
      Pattern.compile("(?:(?:[\\w.-]+|\\[[0-9A-Fa-f:.]+])(?::\\d{1,5})?(?:,(?!$)|$))*");
  private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(30);

  private final String name;
  private final String bareUrl;
  private final Properties properties;

  private PostgresServer(String name, String bareUrl, Properties properties) {
    this.name = name;
    this.bareUrl = bareUrl;
    this.properties = properties;
  }

  /**
   * The server that a URL names.
   *
   * @param url {@code jdbc:postgresql://user:password@host:port/database?parameters}
   * @throws UnfitDatabaseException if it cannot be read
   */
  static PostgresServer at(String url) {
    Matcher matcher = URL.matcher(url.strip());
    // An odd password may look like a host with a port, which pgjdbc logs and we show; so nothing
    // is taken for one while there is an @ further on.
    if (!matcher.matches() || !HOSTS.matcher(matcher.group(2)).matches()) {
      throw unreadable();
    }
    String path = matcher.group(3) == null ? "/" : matcher.group(3);
    String bareUrl = "jdbc:postgresql://" + matcher.group(2) + path;
    String query = matcher.group(4) == null ? "" : matcher.group(4);
    Properties parsed = Driver.parseURL(bareUrl + query, new Properties());
    if (parsed == null) {
      throw unreadable();
    }
    Properties properties = new Properties();
    parsed.stringPropertyNames().forEach(key -> properties.put(key, parsed.getProperty(key)));
    if (matcher.group(1) != null) {
      // pgjdbc itself would take them for the host.
      putUser(properties, matcher.group(1));
    }
    properties.putIfAbsent("ApplicationName", "moongate");
    properties.putIfAbsent("connectTimeout", "5");
    properties.putIfAbsent("loginTimeout", "10");
    properties.putIfAbsent("socketTimeout", Long.toString(SOCKET_TIMEOUT.toSeconds()));
    properties.putIfAbsent("tcpKeepAlive", "true");
    if (matcher.group(2).contains(",")) {
      properties.putIfAbsent("targetServerType", "primary");
    }
    String host = matcher.group(2).isEmpty() ? "localhost" : matcher.group(2);
    return new PostgresServer(host + path, bareUrl, properties);
  }

  /** Host and database, for messages. */
  String name() {
    return name;
  }

  /** User and password as the driver gets them. */
  String credentials() {
    return properties.getProperty("user") + " " + properties.getProperty("password");
  }

  /** A connection outside any pool; after {@code patience} without an answer it is closed. */
  Connection connect(String applicationName, Duration patience) throws SQLException {
    Properties own = new Properties();
    own.putAll(properties);
    own.put("ApplicationName", applicationName);
    own.put("socketTimeout", Long.toString(patience.toSeconds()));
    Connection connection = new Driver().connect(bareUrl, own);
    if (connection == null) {
      throw new SQLException("its URL is not one for PostgreSQL");
    }
    return connection;
  }

  /**
   * Connections for transactions: read committed for writing; for reading, one snapshot from the
   * first statement to the last, and no writes.
   *
   * @param init runs on each new connection
   */
  HikariDataSource pool(String poolName, int size, boolean reading, String init) {
    HikariConfig config = new HikariConfig();
    config.setPoolName(poolName);
    config.setJdbcUrl(bareUrl);
    config.setDataSourceProperties(properties);
    config.setMaximumPoolSize(size);
    config.setMinimumIdle(Math.min(2, size));
    config.setAutoCommit(false);
    config.setReadOnly(reading);
    config.setTransactionIsolation(
        reading ? "TRANSACTION_REPEATABLE_READ" : "TRANSACTION_READ_COMMITTED");
    config.setConnectionInitSql(init);
    // Without it the settings of `init` would be undone with the first transaction that is.
    config.setIsolateInternalQueries(true);
    config.setConnectionTimeout(Duration.ofSeconds(5).toMillis());
    config.setValidationTimeout(Duration.ofSeconds(3).toMillis());
    // Whether the server answers has been found out by now.
    config.setInitializationFailTimeout(-1);
    return new HikariDataSource(config);
  }

  private static void putUser(Properties properties, String text) {
    int colon = text.indexOf(':');
    properties.put("user", decoded(colon < 0 ? text : text.substring(0, colon)));
    if (colon >= 0) {
      properties.put("password", decoded(text.substring(colon + 1)));
    }
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      // A cause would quote the password.
      throw unreadable();
    }
  }

  private static UnfitDatabaseException unreadable() {
    return new UnfitDatabaseException(
        List.of(
            "`database` must look like jdbc:postgresql://user:password@host:5432/name; odd characters"
                + " of user and password are percent-encoded, such as %40 for @"));
  }
}
