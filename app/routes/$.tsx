// Every address that is none of ours.
import type { LoaderFunctionArgs } from "@remix-run/node";
import { notFound } from "../http/responses.server";

export async function loader({ context }: LoaderFunctionArgs): Promise<never> {
  await context.visitor("not-found");
  throw notFound();
}

export default function NotFound() {
  return null;
}
