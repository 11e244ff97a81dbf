// A real OpenID Connect provider beside the program, whose people are whatever name they type.
import { createServer, type Server } from "node:http";
import Provider from "oidc-provider";

export const issuer = `http://127.0.0.1:${process.env.JIXIAO_E2E_PROVIDER_PORT ?? "8098"}`;
export const secret = "a-secret-of-the-tests-alone";

export async function startProvider(site: string): Promise<Server> {
  const provider = new Provider(issuer, {
    clients: [{
      client_id: "jixiao",
      client_secret: secret,
      redirect_uris: [`${site}/login/common/callback`],
      grant_types: ["authorization_code"],
      response_types: ["code"],
    }],
    pkce: { required: () => true },
  });
  const server = createServer(provider.callback());
  const { port, hostname } = new URL(issuer);
  await new Promise<void>((resolve) => server.listen(Number(port), hostname, resolve));
  return server;
}
