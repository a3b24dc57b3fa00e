// posts.delete — asks first, and names what goes.
import { redirect, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { ConfirmPage } from "../components/confirm-page";
import { afterwards } from "../components/done-notice";
import { pageTitle } from "../components/page-title";
import { forbidden, notFound } from "../http/responses.server";
import { deletePost, findPost } from "../models/posts.server";
import { paths } from "../paths";
import { permissions } from "../permissions";

export async function loader({ context, params: { postId = "" } }: LoaderFunctionArgs) {
  const member = await context.requireMember("posts.delete.confirm");
  const post = await findPost(member.scope, { userId: member.person.id }, postId);
  if (!post) throw notFound();
  const isMine = post.authorId === member.person.id;
  if (!isMine && !member.can("delete:posts")) throw forbidden({ permissionWords: permissions["delete:posts"] });
  const { id, title, status } = post;
  return {
    organization: { name: member.organization.name },
    post: { id, title, status, author: isMine ? "you" : post.authorName },
  };
}

export async function action({ context, params: { postId = "" } }: ActionFunctionArgs) {
  const member = await context.requireMember("posts.delete");
  const remover = { userId: member.person.id, mayDeleteAny: member.can("delete:posts") };
  const deleted = await deletePost(member.scope, remover, postId);
  if (deleted.ok) return redirect(afterwards(paths.posts, "post-deleted"));
  if (deleted.reason === "missing") throw notFound();
  throw forbidden({ permissionWords: permissions["delete:posts"] });
}

export default function DeletePost() {
  const { organization, post } = useLoaderData<typeof loader>();
  return (
    <ConfirmPage
      title={`Delete “${post.title}”?`}
      back={{ to: paths.post(post.id), name: "Back to the post" }}
      action={paths.deletePost(post.id)}
      confirm="Delete post"
    >
      {post.status === "draft" ? (
        <p>This draft, which only you can see, will be gone. That cannot be undone.</p>
      ) : (
        <p>
          This post by {post.author} and all its comments will be gone for everyone in {organization.name}. That cannot
          be undone.
        </p>
      )}
    </ConfirmPage>
  );
}

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: pageTitle(page ? `Delete “${page.post.title}”` : "Delete post", page?.organization) },
];
