// posts.show — read a post and what was said about it.
import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { pageTitle } from "../components/page-title";
import { PostPage } from "../components/post-page";
import { notFound } from "../http/responses.server";
import { readPost } from "../models/reading.server";

export async function loader({ context, request, params: { postId = "" } }: LoaderFunctionArgs) {
  const member = await context.requireMember("posts.show");
  const { organization, person, can, scope } = member;
  const reader = { userId: person.id, mayWrite: can("write:posts"), mayDeleteAny: can("delete:posts") };
  const after = new URL(request.url).searchParams.get("after") ?? undefined;
  const page = await readPost(scope, reader, postId, after);
  if (!page) throw notFound();
  return { organization: { name: organization.name }, ...page };
}

export default function ShowPost() {
  return <PostPage {...useLoaderData<typeof loader>()} />;
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: pageTitle(data?.post.title ?? "Post", data?.organization) },
];
