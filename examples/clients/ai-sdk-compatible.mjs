// The Vercel AI SDK with its provider for OpenAI-compatible APIs, which takes extra fields as providerOptions.
import assert from "node:assert/strict";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { APICallError, generateImage } from "ai";
import { apiKey, assertPng, baseURL, check, errorOf, model, picture, prompt } from "./checks.mjs";

const name = "@ai-sdk/openai-compatible";

export async function aiSdkCompatible() {
  const moongate = createOpenAICompatible({ name: "moongate", baseURL, apiKey });
  const image = (providerOptions, more = {}) =>
    generateImage({
      model: moongate.imageModel(model),
      prompt,
      maxRetries: 0,
      providerOptions: { moongate: { size: "1K", ...providerOptions } },
      ...more,
    });

  await check(name, "fetches the link that it gets", async () => {
    assertPng((await image({})).image.uint8Array);
  });

  await check(name, "generates base64", async () => {
    const result = await generateImage({
      model: moongate.imageModel(model),
      prompt,
      maxRetries: 0,
      providerOptions: { moongate: { size: "1K", seed: 0, watermark: false, response_format: "b64_json" } },
    });
    assertPng(result.image.uint8Array);
  });

  await check(name, "sends the extra fields", async () => {
    const fields = { seed: 1, watermark: false, thinking_mode: false };
    const [one, other] = [await image(fields), await image({ ...fields, seed: 2 })];
    assert.notDeepEqual(other.image.uint8Array, one.image.uint8Array, "two seeds, one picture");
    const error = await errorOf(() => image({ seed: -1 }));
    assert.equal(error.data.error.param, "seed");
  });

  await check(name, "edits two pictures", async () => {
    const result = await image({}, { prompt: { text: prompt, images: [picture(), picture()] } });
    assertPng(result.image.uint8Array);
  });

  await check(name, "is told that ten at once are too many", async () => {
    const error = await errorOf(() => image({}, { n: 6 }));
    assert.ok(APICallError.isInstance(error), `it is ${error.name}`);
    assert.equal(error.data.error.param, "n");
    const { images } = await image({}, { n: 6, maxImagesPerCall: 4 });
    assert.equal(images.length, 6);
  });
}
