package dev.moongate.http.dashscope;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.generation.Generations;
import dev.moongate.http.Access;
import dev.moongate.http.ErrorShape;
import dev.moongate.http.ErrorShapes;
import dev.moongate.http.Exchange;
import dev.moongate.http.HttpSettings;
import dev.moongate.http.Route;
import dev.moongate.http.body.BodyReader;
import dev.moongate.http.images.ImageRoutes;
import dev.moongate.http.images.LinkBase;
import dev.moongate.http.images.OwnPictures;
import dev.moongate.model.Catalogue;
import dev.moongate.store.ImageStore;
import dev.moongate.store.Links;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** Wires the DashScope-native face. */
public final class DashScopeRoutes {
  private static final String ROOT = "/api/v1";
  private static final String SERVICES = ROOT + "/services/aigc/";

  static final String SYNC_PATH = SERVICES + "multimodal-generation/generation";
  static final String ASYNC_PATH = SERVICES + "image-generation/generation";
  static final String TASKS_PATH = ROOT + "/tasks";

  /** Where refusals have the vendor's shape. */
  public static final ErrorShapes SHAPES = shapes();

  private DashScopeRoutes() {}

  public static List<Route> of(
      HttpSettings settings,
      BodyReader bodies,
      Catalogue catalogue,
      Generations generations,
      ImageStore store,
      Links links,
      InstantSource clock) {
    LinkBase base = new LinkBase(links, settings.publicUrl());
    TaskView view = new TaskView(ImageRoutes.view(settings, generations, links, clock));
    SubmitEndpoint submit =
        new SubmitEndpoint(
            new DashScopeReader(
                bodies,
                catalogue,
                new OwnPictures(generations, store, bodies, base),
                settings.linkLife()),
            generations,
            base,
            view,
            settings.answerWithin());
    TaskEndpoint task = new TaskEndpoint(generations, view, clock);
    return List.of(
        new Route("POST", SYNC_PATH, Access.MEMBER, submit::sync),
        new Route("POST", ASYNC_PATH, Access.MEMBER, submit::async),
        old("text2image/image-synthesis"),
        old("image2image/image-synthesis"),
        new Route("GET", TASKS_PATH, Access.READ_ONLY, task::list),
        new Route("GET", TASKS_PATH + "/", Access.READ_ONLY, task::list),
        new Route("GET", TASKS_PATH + "/*", Access.READ_ONLY, task::show),
        new Route("POST", TASKS_PATH + "/*/cancel", Access.MEMBER, task::cancel));
  }

  private static ErrorShapes shapes() {
    ErrorShape vendors = new DashScopeErrors();
    return new ErrorShapes(
        Map.of(
            ROOT,
            vendors,
            // Whoever is there has an OpenAI client, and a wrong base URL.
            ROOT + "/images",
            ErrorShape.ENVELOPE,
            ROOT + "/models",
            ErrorShape.ENVELOPE,
            // And here a client of the vendor's.
            "/services/aigc",
            vendors,
            "/v1/services/aigc",
            vendors));
  }

  /** Of the vendor's older models; it refuses this one's there too. */
  private static Route old(String path) {
    return new Route("POST", SERVICES + path, Access.MEMBER, DashScopeRoutes::refuse);
  }

  private static void refuse(Exchange exchange) {
    throw new GatewayException(
        ErrorCode.BAD_REQUEST,
        "url error, check url! This is the address of older models; the models here are called at"
            + " %s, or at %s with X-DashScope-Async: enable".formatted(SYNC_PATH, ASYNC_PATH));
  }
}
