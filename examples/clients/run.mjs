import { aiSdk } from "./ai-sdk.mjs";
import { aiSdkCompatible } from "./ai-sdk-compatible.mjs";
import { end } from "./checks.mjs";
import { langchain } from "./langchain.mjs";
import { openaiNode } from "./openai-node.mjs";

await openaiNode();
await aiSdk();
await aiSdkCompatible();
await langchain();
end();
