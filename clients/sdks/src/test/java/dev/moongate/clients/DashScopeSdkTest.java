package dev.moongate.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.alibaba.dashscope.aigc.imagegeneration.ImageGeneration;
import com.alibaba.dashscope.aigc.imagegeneration.ImageGenerationListResult;
import com.alibaba.dashscope.aigc.imagegeneration.ImageGenerationMessage;
import com.alibaba.dashscope.aigc.imagegeneration.ImageGenerationParam;
import com.alibaba.dashscope.aigc.imagegeneration.ImageGenerationResult;
import com.alibaba.dashscope.aigc.multimodalconversation.MultiModalConversation;
import com.alibaba.dashscope.aigc.multimodalconversation.MultiModalConversationParam;
import com.alibaba.dashscope.common.AsyncTaskInfo;
import com.alibaba.dashscope.common.MultiModalMessage;
import com.alibaba.dashscope.common.Status;
import com.alibaba.dashscope.exception.ApiException;
import com.alibaba.dashscope.task.AsyncTaskListParam;
import com.alibaba.dashscope.utils.Constants;
import dev.moongate.testing.Pictures;
import dev.moongate.testing.SandboxGateway;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** DashScope's own SDK, pointed at the gateway: base URL and key are all that is changed. */
@Timeout(120)
class DashScopeSdkTest {
  @RegisterExtension static final SandboxGateway MOONGATE = new SandboxGateway();

  private final String alibabas = Constants.baseHttpApiUrl;

  @BeforeEach
  void callNobodyElse() {
    Constants.baseHttpApiUrl = base();
  }

  @AfterEach
  void callWhomTheSdkCalls() {
    Constants.baseHttpApiUrl = alibabas;
  }

  private static String base() {
    return MOONGATE.uri() + "/api/v1";
  }

  private static ImageGeneration sdk() {
    return new ImageGeneration("http", base());
  }

  private static Map<String, Object> text(String text) {
    return Map.of("text", text);
  }

  private static ImageGenerationParam.ImageGenerationParamBuilder<?, ?> asking(String prompt) {
    return asking(List.of(text(prompt)));
  }

  private static ImageGenerationParam.ImageGenerationParamBuilder<?, ?> asking(
      List<Map<String, Object>> content) {
    return ImageGenerationParam.builder()
        .apiKey(MOONGATE.key())
        .model("wan2.7-image-pro")
        .message(ImageGenerationMessage.builder().role("user").content(content).build())
        .size("1K")
        .n(1);
  }

  private static List<String> pictures(ImageGenerationResult result) {
    return result.getOutput().getChoices().stream()
        .flatMap(choice -> choice.getMessage().getContent().stream())
        .map(item -> String.valueOf(item.get("image")))
        .toList();
  }

  private static void assertRefused(int status, String code, String words, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ApiException.class,
            e -> {
              Status seen = e.getStatus();
              assertThat(seen.getStatusCode()).isEqualTo(status);
              assertThat(seen.getCode()).isEqualTo(code);
              assertThat(seen.getMessage()).contains(words);
              assertThat(seen.getRequestId()).startsWith("req_");
            });
  }

  @Test
  void callWaitsForThePictures() throws Exception {
    ImageGenerationParam param =
        asking("a garden" + SandboxGateway.QUICK)
            .n(2)
            .watermark(false)
            .seed(0)
            .enableSequential(false)
            .parameter("thinking_mode", false)
            .build();
    ImageGenerationResult result = sdk().call(param);
    assertThat(result.getStatusCode()).isEqualTo(200);
    assertThat(result.getCode()).isEmpty();
    assertThat(result.getOutput().getFinished()).isTrue();
    assertThat(result.getUsage().getImageCount()).isEqualTo(2);
    assertThat(result.getUsage().getSize()).isEqualTo("1024*1024");
    assertThat(pictures(result)).hasSize(2);
    for (String link : pictures(result)) {
      assertThat(link).startsWith(MOONGATE.uri() + "/images/img_");
      try (var in = URI.create(link).toURL().openStream()) {
        assertThat(in.readNBytes(4)).containsExactly(0x89, 'P', 'N', 'G');
      }
    }
  }

  @Test
  void asyncCallAndWaitEndWithThePictures() throws Exception {
    ImageGeneration sdk = sdk();
    ImageGenerationResult begun = sdk.asyncCall(asking("a gate sandbox:delay=2s").build());
    assertThat(begun.getOutput().getTaskStatus()).isEqualTo("PENDING");
    assertThat(begun.getOutput().getTaskId()).startsWith("gen_");
    ImageGenerationResult ended = sdk.wait(begun, MOONGATE.key());
    assertThat(ended.getOutput().getTaskStatus()).isEqualTo("SUCCEEDED");
    assertThat(ended.getOutput().getTaskId()).isEqualTo(begun.getOutput().getTaskId());
    assertThat(ended.getOutput().getEndTime()).isNotNull();
    assertThat(pictures(ended)).hasSize(1);
  }

  @Test
  void setOfPicturesComesAsOneChoice() throws Exception {
    ImageGenerationResult result =
        sdk().call(asking("a year" + SandboxGateway.QUICK).enableSequential(true).n(3).build());
    assertThat(result.getOutput().getChoices()).hasSize(1);
    assertThat(pictures(result)).hasSize(3);
  }

  @Test
  void pictureIsEditedThatComesAsADataUrl() throws Exception {
    String url =
        "data:image/png;base64," + Base64.getEncoder().encodeToString(Pictures.png(320, 320));
    ImageGenerationResult result =
        sdk()
            .call(
                asking(List.of(Map.of("image", url), text("paint" + SandboxGateway.QUICK)))
                    .build());
    assertThat(pictures(result)).hasSize(1);
  }

  @Test
  void conversationOfManyModesWorksToo() throws Exception {
    MultiModalConversationParam param =
        MultiModalConversationParam.builder()
            .apiKey(MOONGATE.key())
            .model("wan2.7-image-pro")
            .message(
                MultiModalMessage.builder()
                    .role("user")
                    .content(List.of(text("a pond" + SandboxGateway.QUICK)))
                    .build())
            .size("1K")
            .n(1)
            .build();
    var result = new MultiModalConversation("http", base()).call(param);
    assertThat(result.getOutput().getChoices().getFirst().getMessage().getContent().getFirst())
        .containsKey("image");
  }

  @Test
  void refusalsAreTheVendorsInBothCalls() {
    ImageGenerationParam wrongKey = asking("x").apiKey("moongate_wrong").build();
    assertRefused(401, "InvalidApiKey", "API key", () -> sdk().call(wrongKey));
    assertRefused(401, "InvalidApiKey", "API key", () -> sdk().asyncCall(wrongKey));
    ImageGenerationParam wrongSize = asking("x").size("10*10").build();
    assertRefused(400, "InvalidParameter", "parameters.size", () -> sdk().call(wrongSize));
    assertRefused(400, "InvalidParameter", "parameters.size", () -> sdk().asyncCall(wrongSize));
    ImageGenerationParam notHad = asking("x").negativePrompt("y").build();
    assertRefused(400, "InvalidParameter", "negative_prompt", () -> sdk().call(notHad));
  }

  @Test
  void failureOfATaskReachesTheSdkWhicheverWayItAsks() throws Exception {
    ImageGenerationParam param =
        asking("x sandbox:task-fail=DataInspectionFailed" + SandboxGateway.QUICK).build();
    ImageGeneration sdk = sdk();
    ImageGenerationResult ended = sdk.wait(sdk.asyncCall(param), MOONGATE.key());
    assertThat(ended.getOutput().getTaskStatus()).isEqualTo("FAILED");
    assertThat(ended.getCode()).isEqualTo("DataInspectionFailed");
    assertThat(ended.getMessage()).contains("inspection");
    assertRefused(400, "DataInspectionFailed", "inspection", () -> sdk().call(param));
  }

  @Test
  void taskThatIsNotThereEndsTheWait() throws Exception {
    assertThat(sdk().wait("gen_none", MOONGATE.key()).getOutput().getTaskStatus())
        .isEqualTo("UNKNOWN");
  }

  @Test
  void taskIsCancelledOnce() throws Exception {
    ImageGeneration sdk = sdk();
    ImageGenerationResult begun = sdk.asyncCall(asking("a wall sandbox:pending=60s").build());
    assertThat(sdk.cancel(begun, MOONGATE.key()).getStatusCode()).isEqualTo(200);
    assertThat(sdk.wait(begun, MOONGATE.key()).getOutput().getTaskStatus()).isEqualTo("CANCELED");
    ImageGenerationResult done = sdk.asyncCall(asking("a roof" + SandboxGateway.QUICK).build());
    sdk.wait(done, MOONGATE.key());
    assertRefused(400, "UnsupportedOperation", "ended", () -> sdk.cancel(done, MOONGATE.key()));
  }

  @Test
  void tasksAreListed() throws Exception {
    ImageGeneration sdk = sdk();
    String id =
        sdk.asyncCall(asking("a path" + SandboxGateway.QUICK).build()).getOutput().getTaskId();
    ImageGenerationListResult list =
        sdk.list(AsyncTaskListParam.builder().apiKey(MOONGATE.key()).pageSize(100).build());
    assertThat(list.getTotal()).isPositive();
    assertThat(list.getData()).extracting(AsyncTaskInfo::getTaskId).contains(id);
  }

  @Test
  void streamIsRefusedAndNotEmpty() {
    assertThatThrownBy(() ->
            sdk()
                .streamCall(asking("x").build())
                .blockingForEach(result -> new ArrayList<>().add(result)))
        .hasMessageContaining("X-DashScope-SSE");
  }

  @Test
  void objectThatHasCalledAsynchronouslyIsToldWhyItCannotCallOtherwise() throws Exception {
    ImageGeneration sdk = sdk();
    sdk.asyncCall(asking("a step" + SandboxGateway.QUICK).build());
    ImageGenerationParam next = asking("x").build();
    assertRefused(403, "AccessDenied", "another object", () -> sdk.call(next));
  }

  @Test
  void localFileIsRefusedBeforeItGoesAnywhere(@TempDir Path folder) throws IOException {
    Path file = Files.write(folder.resolve("a.png"), Pictures.png(320, 320));
    ImageGenerationParam param =
        asking(
                List.of(
                    text("x"),
                    Map.of("image", file.toUri().toString().replace("file:/", "file:///"))))
            .build();
    assertRefused(404, "NotFound", "data URL", () -> sdk().call(param));
  }
}
