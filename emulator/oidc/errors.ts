// Errors of the OIDC endpoints in Logto's shape: OAuth's own fields, with `code` and `message` before them.
import type { Middleware } from "koa";

const messages: Record<string, string> = {
  access_denied: "Access denied.",
  insufficient_scope: "Token missing scope `{{scope}}`.",
  invalid_client: "Client is invalid.",
  invalid_grant: "Grant request is invalid.",
  invalid_redirect_uri: "`redirect_uri` did not match any of the client's registered `redirect_uris`.",
  invalid_request: "Request is invalid.",
  invalid_scope: "Invalid scope: {{error_description}}.",
  invalid_target: "Invalid resource indicator.",
  invalid_token: "Invalid token provided.",
  server_error: "An unknown OIDC error occurred. Please try again later.",
  unsupported_grant_type: "Unsupported `grant_type` requested.",
  unsupported_response_type: "Unsupported `response_type` requested.",
};

interface OAuthError {
  error: string;
  error_description?: string;
}

const isError = (body: unknown): body is OAuthError =>
  typeof body === "object" && body !== null && "error" in body && typeof body.error === "string";

export const logtoErrors: Middleware = async (ctx, next) => {
  await next();
  const { body } = ctx;
  if (!isError(body)) return;
  ctx.body = {
    code: `oidc.${body.error}`,
    message: messages[body.error] ?? body.error_description ?? body.error,
    ...(body.error === "invalid_grant" ? { error_uri: "https://openid.sh/debug/invalid_grant" } : {}),
    ...body,
  };
};
