// Starts the program once for all specs and reads the password that it prints.
import { spawn } from "node:child_process";
import { address } from "./playwright.config";

const START_SECONDS = 60;

export default async function start(): Promise<() => Promise<void>> {
  const server = spawn(
    process.env.JIXIAO_BIN ?? "jixiao",
    ["demo", "--data", process.env.JIXIAO_E2E_DATA ?? "demo-data", "--listen", address],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const ended = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  let printed = "";
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the server did not start:\n${printed}`)), START_SECONDS * 1000);
    server.once("exit", (code) => reject(new Error(`the server ended with ${code}:\n${printed}`)));
    server.stdout.on("data", (chunk: Buffer) => {
      printed += chunk.toString();
      const password = /管理员密码：(\S+)/.exec(printed)?.[1];
      if (password && printed.includes("网站已启动")) {
        process.env.JIXIAO_E2E_PASSWORD = password;
        clearTimeout(timer);
        resolve();
      }
    });
  });
  return async () => {
    server.kill("SIGTERM");
    await ended;
  };
}
