// The Vercel AI SDK with its OpenAI provider, which always asks for base64 and has no way for extra fields.
import assert from "node:assert/strict";
import { createOpenAI } from "@ai-sdk/openai";
import { APICallError, generateImage } from "ai";
import { apiKey, assertPng, baseURL, begunSince, check, errorOf, generations, keyForBase64, model, picture, prompt } from "./checks.mjs";

const name = "@ai-sdk/openai";

export async function aiSdk() {
  const moongate = createOpenAI({ baseURL, apiKey });

  await check(name, "generates base64", async () => {
    const { image } = await generateImage({ model: moongate.image(model), prompt, size: "1024x1024" });
    assertPng(image.uint8Array);
  });

  await check(name, "gets two pictures", async () => {
    const { images } = await generateImage({ model: moongate.image(model), prompt, n: 2 });
    assert.equal(images.length, 2);
  });

  await check(name, "asks in portions of maxImagesPerCall", async () => {
    const before = await generations();
    const { images } = await generateImage({
      model: moongate.image(model),
      prompt,
      n: 6,
      maxImagesPerCall: 4,
      maxRetries: 0,
    });
    assert.equal(images.length, 6);
    assert.equal(await begunSince(before), 2);
  });

  // Edits name no format and cannot do with links.
  await check(name, "edits a picture with a key for base64", async () => {
    const key = await keyForBase64();
    if (!key) return "only an admin's key can make one";
    const { image } = await generateImage({
      model: createOpenAI({ baseURL, apiKey: key }).image(model),
      prompt: { text: prompt, images: [picture()] },
      maxRetries: 0,
    });
    assertPng(image.uint8Array);
  });

  await check(name, "gets the error's members", async () => {
    const error = await errorOf(() =>
      generateImage({ model: moongate.image(model), prompt, size: "512x512", maxRetries: 0 }),
    );
    assert.ok(APICallError.isInstance(error), `it is ${error.name}`);
    assert.equal(error.statusCode, 400);
    assert.equal(error.data.error.param, "size");
    assert.equal(error.isRetryable, false);
  });

  await check(name, "tells a wrong key", async () => {
    const stranger = createOpenAI({ baseURL, apiKey: "moongate_wrong" });
    const error = await errorOf(() => generateImage({ model: stranger.image(model), prompt, maxRetries: 0 }));
    assert.equal(error.statusCode, 401);
    assert.match(error.message, /key/i);
  });
}
