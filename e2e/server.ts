// Starts the program once for all specs and reads the passwords that it prints.
import { spawn } from "node:child_process";
import { address } from "./playwright.config";
import { issuer, secret, startProvider } from "./provider";

const START_SECONDS = 60;

export default async function start(): Promise<() => Promise<void>> {
  const provider = await startProvider(`http://${address}`);
  const server = spawn(
    process.env.JIXIAO_BIN ?? "jixiao",
    ["demo", "--data", process.env.JIXIAO_E2E_DATA ?? "demo-data", "--listen", address],
    {
      stdio: ["ignore", "pipe", "inherit"],
      env: {
        ...process.env,
        // The sample city's list of objects is long work; a department's is not.
        JIXIAO_EXPORT_ROWS: "500",
        JIXIAO_OIDC_ISSUER: issuer,
        JIXIAO_OIDC_CLIENT_ID: "jixiao",
        JIXIAO_OIDC_CLIENT_SECRET: secret,
        JIXIAO_OIDC_SITE: `http://${address}`,
      },
    },
  );
  const ended = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  let printed = "";
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the server did not start:\n${printed}`)), START_SECONDS * 1000);
    server.once("exit", (code) => reject(new Error(`the server ended with ${code}:\n${printed}`)));
    server.stdout.on("data", (chunk: Buffer) => {
      printed += chunk.toString();
      if (printed.includes("网站已启动")) {
        // One line for each person: login name, password, who it is.
        const people = [...printed.matchAll(/^ {2}(\S+) +(\S+) {2}\S/gm)];
        const passwords = Object.fromEntries(people.map(([, login, password]) => [login, password]));
        process.env.JIXIAO_E2E_PASSWORDS = JSON.stringify(passwords);
        clearTimeout(timer);
        resolve();
      }
    });
  });
  return async () => {
    server.kill("SIGTERM");
    await ended;
    provider.closeAllConnections();
    provider.close();
  };
}
