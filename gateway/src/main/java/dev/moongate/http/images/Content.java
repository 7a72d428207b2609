package dev.moongate.http.images;

import dev.moongate.http.Members;
import dev.moongate.http.body.ReceivedBody;
import dev.moongate.image.ContentPart;
import dev.moongate.image.Warning;
import dev.moongate.model.Model;
import dev.moongate.model.RequestCheck;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** Where a body has its words and pictures: the part in which the endpoints differ. */
interface Content {
  /** The members that hold words and pictures. */
  Set<String> names();

  /** Members that are ignored with a warning, beside those that the model ignores. */
  Set<String> ignored();

  /** Refuses pictures that stand elsewhere, and members of which there is something to explain. */
  void refuse(ReceivedBody received, ObjectNode body);

  /** The body with every member of the type that the model's parameters have. */
  ObjectNode typed(ObjectNode body, Model model);

  /** Words and pictures in the order in which the model is to see them. */
  List<ContentPart> read(Members body, RequestCheck check, List<Warning> warnings);
}
