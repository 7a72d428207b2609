// What the files about each client share: where the gateway is, and how a check is told.
import assert from "node:assert/strict";

const url = process.env.MOONGATE_URL?.replace(/\/+$/, "");
export const apiKey = process.env.MOONGATE_API_KEY;
if (!url || !apiKey) {
  console.error("Set MOONGATE_URL and MOONGATE_API_KEY, or start ./run.sh");
  process.exit(2);
}
export const baseURL = `${url}/v1`;
export const model = process.env.MOONGATE_MODEL ?? "wan2.7-image";

// The sandbox takes this as an order to be quick; for any other upstream it is part of the prompt.
export const prompt = "a flower shop behind a moon gate sandbox:delay=50ms";

let failed = 0;
let passed = 0;

// A picture to edit: 256 x 256, made without a library.
export function picture() {
  const size = 256;
  const header = Buffer.alloc(54);
  header.write("BM");
  header.writeUInt32LE(54 + size * size * 3, 2);
  header.writeUInt32LE(54, 10);
  header.writeUInt32LE(40, 14);
  header.writeInt32LE(size, 18);
  header.writeInt32LE(size, 22);
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(24, 28);
  return Buffer.concat([header, Buffer.alloc(size * size * 3, 0x90)]);
}

// Runs one check and prints its line; a check that answers with a text was left out.
export async function check(client, what, run) {
  try {
    const left = await run();
    if (left === undefined) passed++;
    console.log(left === undefined ? `ok    ${client}: ${what}` : `left  ${client}: ${what}: ${left}`);
  } catch (error) {
    failed++;
    console.log(`FAIL  ${client}: ${what}: ${error.message?.split("\n").join(" ")}`);
  }
}

export function end() {
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

// The error that a call ends with.
export async function errorOf(call) {
  try {
    await call();
  } catch (error) {
    return error;
  }
  return assert.fail("no error came");
}

export function assertPng(bytes) {
  assert.deepEqual([...bytes.slice(0, 4)], [0x89, 0x50, 0x4e, 0x47], "it is no PNG");
}

export async function assertLink(link) {
  const answer = await fetch(link);
  assert.equal(answer.status, 200);
  assertPng(new Uint8Array(await answer.arrayBuffer()));
}

// A key whose answers are base64 unless a request says otherwise; undefined if this key may not make one.
export async function keyForBase64() {
  const answer = await fetch(`${url}/admin/v1/keys`, {
    method: "POST",
    headers: { Authorization: `Bearer ${apiKey}`, "Content-Type": "application/json" },
    body: JSON.stringify({ name: "example", response_format: "b64_json", expires_at: Math.floor(Date.now() / 1000) + 600 }),
  });
  if (answer.status === 403) return undefined;
  assert.equal(answer.status, 201);
  return (await answer.json()).key;
}

// The ids of the newest generations that the key's project has.
export async function generations() {
  const answer = await fetch(`${baseURL}/images/generations?limit=100`, {
    headers: { Authorization: `Bearer ${apiKey}` },
  });
  return (await answer.json()).data.map((generation) => generation.id);
}

// How many of them are new since then.
export async function begunSince(before) {
  return (await generations()).filter((id) => !before.includes(id)).length;
}
