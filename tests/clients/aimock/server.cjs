// Answers as the fixtures on the first line of its input say, on a free loopback port, which it tells on its first line of
// output. Ends with its input: with the test that started it, however that ends.
const { createInterface } = require("node:readline");
const { LLMock } = require("@copilotkit/aimock");

const server = new LLMock({ port: 0, host: "127.0.0.1", strict: true });
const late = setTimeout(() => process.exit(1), 30_000);
const input = createInterface({ input: process.stdin });
input.once("line", async (fixtures) => {
  await server.addFixturesFromJSON(fixtures).start();
  clearTimeout(late);
  console.log(server.url);
});
input.once("close", () => process.exit());
