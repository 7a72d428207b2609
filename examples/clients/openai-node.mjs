// The official OpenAI SDK for JavaScript. What the API knows and the SDK does not goes into the same object.
import assert from "node:assert/strict";
import OpenAI, { toFile } from "openai";
import { apiKey, assertLink, assertPng, baseURL, begunSince, check, errorOf, generations, model, picture, prompt } from "./checks.mjs";

const name = "openai-node";

export async function openaiNode() {
  const client = new OpenAI({ baseURL, apiKey, timeout: 300_000 });

  await check(name, "lists and retrieves models", async () => {
    const ids = [];
    for await (const one of client.models.list()) ids.push(one.id);
    assert.ok(ids.includes(model));
    assert.equal((await client.models.retrieve(model)).object, "model");
  });

  await check(name, "generates a link", async () => {
    const answer = await client.images.generate({ model, prompt, size: "1K" });
    assert.equal(answer.data.length, 1);
    assert.deepEqual(Object.keys(answer.data[0]), ["url"]);
    assert.match(answer._request_id, /^req_/);
    await assertLink(answer.data[0].url);
  });

  await check(name, "generates base64", async () => {
    const answer = await client.images.generate({ model, prompt, size: "1K", response_format: "b64_json" });
    assert.deepEqual(Object.keys(answer.data[0]), ["b64_json"]);
    assertPng(Buffer.from(answer.data[0].b64_json, "base64"));
  });

  await check(name, "sends the extra fields, false and 0 too", async () => {
    const dryRun = await client.images.generate(
      {
        model,
        prompt: "",
        input: { messages: [{ role: "user", content: [{ text: "a flower shop" }] }] },
        size: "1024x768",
        watermark: false,
        thinking_mode: false,
        seed: 0,
      },
      { query: { dry_run: "true" } },
    );
    assert.deepEqual(dryRun.upstream.body.parameters, {
      size: "1024*768",
      n: 1,
      watermark: false,
      thinking_mode: false,
      seed: 0,
    });
    assert.equal(dryRun.upstream.body.input.messages[0].content[0].text, "a flower shop");
  });

  await check(name, "generates two pictures at once", async () => {
    const answer = await client.images.generate({ model, prompt, size: "1K", n: 2 });
    assert.equal(answer.data.length, 2);
  });

  await check(name, "streams a picture as soon as it is there", async () => {
    const events = await client.images.generate({ model, prompt, size: "1K", stream: true });
    const pictures = [];
    for await (const event of events) {
      if (event.type === "image_generation.completed") pictures.push(Buffer.from(event.b64_json, "base64"));
    }
    assert.equal(pictures.length, 1);
    assertPng(pictures[0]);
  });

  await check(name, "gets the error of a stream", async () => {
    const refused = await errorOf(() => client.images.generate({ model, prompt, n: 9, stream: true }));
    assert.ok(refused instanceof OpenAI.BadRequestError);
    const failing = { model, prompt: `${prompt} sandbox:task-fail=DataInspectionFailed`, size: "1K", stream: true };
    const error = await errorOf(async () => {
      for await (const _ of await client.images.generate(failing));
    });
    assert.equal(error.code, "content_policy_violation");
  });

  await check(name, "edits one picture, and two", async () => {
    const file = () => toFile(picture(), "shop.bmp", { type: "image/bmp" });
    const one = await client.images.edit({ model, prompt, image: await file(), size: "1K" });
    await assertLink(one.data[0].url);
    const two = await client.images.edit({ model, prompt, image: [await file(), await file()], size: "1K", seed: 0 });
    await assertLink(two.data[0].url);
  });

  await check(name, "gets typed errors that name the parameter", async () => {
    const count = await errorOf(() => client.images.generate({ model, prompt, n: 9 }));
    assert.ok(count instanceof OpenAI.BadRequestError);
    assert.deepEqual([count.param, count.code, count.type], ["n", "invalid_value", "invalid_request_error"]);
    const unknown = await errorOf(() => client.images.generate({ model: "dall-e-3", prompt }));
    assert.ok(unknown instanceof OpenAI.NotFoundError);
    const stranger = new OpenAI({ baseURL, apiKey: "moongate_wrong" });
    assert.ok((await errorOf(() => stranger.models.list())) instanceof OpenAI.AuthenticationError);
  });

  await check(name, "pays once when it times out and sends again", async () => {
    const before = await generations();
    const hasty = new OpenAI({ baseURL, apiKey, timeout: 1_500, maxRetries: 5 });
    const slow = `a garden of ${process.pid} lanterns sandbox:delay=4s`;
    const answer = await hasty.images.generate({ model, prompt: slow, size: "1K" });
    await assertLink(answer.data[0].url);
    assert.equal(await begunSince(before), 1);
  });

  await check(name, "pays once under an Idempotency-Key", async () => {
    const orderId = `example-${process.pid}-${Date.now()}`;
    const once = { headers: { "Idempotency-Key": orderId } };
    const first = await client.images.generate({ model, prompt, size: "1K" }, once);
    const again = await client.images.generate({ model, prompt, size: "1K" }, once);
    assert.equal(again.id, first.id);
  });
}
