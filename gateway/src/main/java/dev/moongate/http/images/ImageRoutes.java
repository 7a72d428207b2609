package dev.moongate.http.images;

import dev.moongate.generation.Generations;
import dev.moongate.http.Access;
import dev.moongate.http.HttpSettings;
import dev.moongate.http.Route;
import dev.moongate.http.body.BodyReader;
import dev.moongate.image.StoredImage;
import dev.moongate.model.Catalogue;
import dev.moongate.store.ImageStore;
import dev.moongate.store.Links;
import dev.moongate.webhook.WebhookBody;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Wires the images endpoints. */
public final class ImageRoutes {
  private ImageRoutes() {}

  /**
   * What a webhook is sent.
   *
   * @param address what links begin with if no public URL is set
   */
  public static WebhookBody webhookBody(
      HttpSettings settings,
      Generations generations,
      Links links,
      Supplier<String> address,
      InstantSource clock) {
    LinkBase base = new LinkBase(links, settings.publicUrl());
    GenerationView view = view(settings, generations, links, clock);
    return new WebhookEvent(view, () -> base.orElse(address.get()));
  }

  /** How generations stand on the wire. */
  public static GenerationView view(
      HttpSettings settings, Generations generations, Links links, InstantSource clock) {
    LinkBase base = new LinkBase(links, settings.publicUrl());
    return new GenerationView(base, generations, clock, settings.linkLife());
  }

  public static List<Route> of(
      HttpSettings settings,
      BodyReader bodies,
      Catalogue catalogue,
      Generations generations,
      Function<String, Optional<StoredImage>> images,
      ImageStore store,
      Links links,
      InstantSource clock) {
    LinkBase base = new LinkBase(links, settings.publicUrl());
    GenerationView view = view(settings, generations, links, clock);
    OwnPictures own = new OwnPictures(generations, store, bodies, base);
    RequestReader reader = new GenerationReader(bodies, catalogue, own, settings.linkLife());
    RequestReader edits = new EditReader(bodies, catalogue, own, settings.linkLife());
    PictureBytes pictures = new PictureBytes(store);
    ImagesAnswer json = new ImagesAnswer(pictures, base, view);
    GenerationEndpoint generation = new GenerationEndpoint(generations, view);
    return List.of(
        new Route(
            "POST",
            "/v1/images/generations",
            Access.MEMBER,
            new GenerateEndpoint(
                reader,
                generations,
                base,
                view,
                json,
                new EventAnswer(
                    generations,
                    new Events("image_generation", view, pictures, clock),
                    base,
                    settings.heartbeat()),
                settings.answerWithin())),
        new Route(
            "POST",
            "/v1/images/edits",
            Access.MEMBER,
            new GenerateEndpoint(
                edits,
                generations,
                base,
                view,
                json,
                new EventAnswer(
                    generations,
                    new Events("image_edit", view, pictures, clock),
                    base,
                    settings.heartbeat()),
                settings.answerWithin())),
        new Route("GET", "/v1/images/generations", Access.READ_ONLY, generation::list),
        new Route("GET", "/v1/images/generations/*", Access.READ_ONLY, generation::show),
        new Route("DELETE", "/v1/images/generations/*", Access.MEMBER, generation::delete),
        new Route("POST", "/v1/images/generations/*/cancel", Access.MEMBER, generation::cancel),
        new Route(
            "GET", "/images/*.*", Access.PUBLIC, new PictureEndpoint(links, images, store, clock)));
  }
}
