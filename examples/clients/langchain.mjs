// LangChain.js: its image tool sends style and quality with every call, and asks for n pictures with n calls at once.
import assert from "node:assert/strict";
import { DallEAPIWrapper } from "@langchain/openai";
import { apiKey, assertLink, assertPng, baseURL, begunSince, check, errorOf, generations, model, prompt } from "./checks.mjs";

const name = "LangChain.js";

export async function langchain() {
  const tool = (more) => new DallEAPIWrapper({ baseUrl: baseURL, apiKey, model, ...more });

  await check(name, "generates a link", async () => {
    const images = new DallEAPIWrapper({ baseUrl: baseURL, apiKey, model, size: "1024x1024" });
    const link = await images.invoke(prompt);
    await assertLink(link);
  });

  await check(name, "generates base64", async () => {
    assertPng(Buffer.from(await tool({ dallEResponseFormat: "b64_json" }).invoke(prompt), "base64"));
  });

  await check(name, "gets two pictures for two equal calls", async () => {
    const before = await generations();
    const images = await tool({ n: 2 }).invoke(prompt);
    assert.equal(images.length, 2);
    assert.notEqual(images[0].image_url, images[1].image_url);
    assert.equal(await begunSince(before), 2);
  });

  await check(name, "gets typed errors", async () => {
    const error = await errorOf(() => tool({ size: "512x512" }).invoke(prompt));
    assert.equal(error.status, 400);
    assert.equal(error.param, "size");
  });
}
