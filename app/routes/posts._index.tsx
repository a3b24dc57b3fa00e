// posts — what is published in the active organization, and the reader's own drafts.
import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Form, Link, useLoaderData } from "@remix-run/react";
import { FileText, Plus, Search, SearchX } from "lucide-react";
import { Button, ButtonLink } from "../components/button";
import { DoneNotice } from "../components/done-notice";
import { EmptyState } from "../components/empty-state";
import { PageHeader } from "../components/page-header";
import { pageTitle } from "../components/page-title";
import { Paging } from "../components/paging";
import { PostStatusBadge } from "../components/post-status";
import { Cell, Row, Table, type Column } from "../components/table";
import { Time } from "../components/time";
import { inWords, permissionsInWords, withArticle } from "../components/words";
import { listAuthors, listPosts, postStatuses } from "../models/posts.server";
import { paths } from "../paths";
import { allPermissions } from "../permissions";

export async function loader({ context, request }: LoaderFunctionArgs) {
  const member = await context.requireMember("posts.list");
  const viewer = { userId: member.person.id };
  const search = new URL(request.url).searchParams;
  const { before, ...filter } = filterIn(search);
  const [{ posts, next }, authors] = await Promise.all([
    listPosts(member.scope, viewer, { ...filter, before }),
    listAuthors(member.scope, viewer),
  ]);
  return {
    organization: { name: member.organization.name },
    posts: posts.map(({ id, title, status, authorName, commentCount, createdAt }) => {
      return { id, title, status, authorName, commentCount, createdAt };
    }),
    authors,
    filter,
    isFirstPage: before === undefined,
    next,
    canWrite: member.can("write:posts"),
    joined:
      search.get("done") === "joined" ? { roles: member.roles, may: allPermissions.filter(member.can) } : undefined,
  };
}

/** What is not a filter is no filter: an address that somebody has cut short still shows posts. */
function filterIn(search: URLSearchParams) {
  const given = (name: string) => search.get(name)?.trim().slice(0, 200) || undefined;
  const status = postStatuses.find((known) => known === given("status"));
  return { status, authorId: given("author"), text: given("text"), before: given("before") };
}

type Listed = ReturnType<typeof useLoaderData<typeof loader>>;

export default function Posts() {
  const page = useLoaderData<typeof loader>();
  const { posts, filter, canWrite } = page;
  const isFiltered = Object.values(filter).some(Boolean);
  const isEmpty = posts.length === 0;
  const isNew = isEmpty && !isFiltered && page.isFirstPage;
  return (
    <>
      <PageHeader title="Posts" actions={canWrite && !isNew && <NewPost />} />
      <DoneNotice sentence={page.joined && welcome(page.joined, page.organization)} />
      {!isNew && <Filter filter={filter} authors={page.authors} />}
      <output className="sr-only">{resultSentence(page)}</output>
      <div className="rounded-panel border border-line">
        {isEmpty ? <NoPosts page={page} isNew={isNew} isFiltered={isFiltered} /> : <PostTable posts={posts} />}
        <Paging
          label="Pages of posts"
          first={page.isFirstPage ? undefined : { to: addressOf(filter), name: "Newest" }}
          next={page.next ? { to: addressOf(filter, page.next), name: "Older" } : undefined}
        />
      </div>
    </>
  );
}

function welcome({ roles, may }: NonNullable<Listed["joined"]>, { name }: Listed["organization"]) {
  const what = roles.length > 0 ? inWords(roles.map(withArticle)) : "a member";
  return `You are ${what} of ${name}. You can: ${permissionsInWords(may)}.`;
}

function NewPost() {
  return (
    <ButtonLink look="primary" to={paths.newPost}>
      <Plus aria-hidden="true" /> New post
    </ButtonLink>
  );
}

function Filter({ filter, authors }: Pick<Listed, "filter" | "authors">) {
  return (
    <search aria-label="Posts">
      <Form key={addressOf(filter)} method="get" action={paths.posts} className="mb-4 flex flex-wrap items-end gap-2">
        <label className="min-w-0 flex-1 basis-32 sm:flex-none">
          <span className="sr-only">Status</span>
          <select name="status" defaultValue={filter.status ?? ""} className="control">
            <option value="">Published and drafts</option>
            <option value="published">Published</option>
            <option value="draft">My drafts</option>
            <option value="archived">Archived</option>
          </select>
        </label>
        <label className="min-w-0 flex-1 basis-32 sm:max-w-52 sm:flex-none">
          <span className="sr-only">Author</span>
          <select name="author" defaultValue={filter.authorId ?? ""} className="control">
            <option value="">All authors</option>
            {authors.map(({ userId, name }) => (
              <option key={userId} value={userId}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <div className="flex min-w-0 flex-1 basis-64 gap-2">
          <label className="min-w-0 flex-1">
            <span className="sr-only">Search in title and text</span>
            <input
              type="search"
              name="text"
              placeholder="Search in title and text"
              defaultValue={filter.text}
              className="control"
            />
          </label>
          <Button>
            <Search aria-hidden="true" /> Search
          </Button>
        </div>
      </Form>
    </search>
  );
}

const columns: Column[] = [
  { name: "Title" },
  { name: "Author", width: "w-40", spare: true },
  { name: "Status", width: "w-28", spare: true },
  { name: "Comments", width: "w-26", spare: true, align: "right" },
  { name: "Written", width: "w-51", spare: true },
];

function PostTable({ posts }: Pick<Listed, "posts">) {
  return (
    <Table caption="Posts, newest first" columns={columns}>
      {posts.map((post) => (
        <Row key={post.id}>
          <Cell>
            {/* The link covers its row. */}
            <Link
              to={paths.post(post.id)}
              prefetch="intent"
              className="line-clamp-2 font-medium wrap-anywhere after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent sm:line-clamp-1 sm:break-all"
            >
              {post.title}
            </Link>
            <span className="mt-1 flex items-center gap-2 text-xs text-muted sm:hidden">
              <PostStatusBadge status={post.status} /> <span className="truncate">{post.authorName}</span>
            </span>
          </Cell>
          <Cell spare className="truncate">
            {post.authorName}
          </Cell>
          <Cell spare>
            <PostStatusBadge status={post.status} />
          </Cell>
          <Cell spare align="right" className="text-muted tabular-nums">
            {post.commentCount}
          </Cell>
          <Cell spare className="text-muted">
            <Time at={post.createdAt} />
          </Cell>
        </Row>
      ))}
    </Table>
  );
}

function NoPosts({ page, isNew, isFiltered }: { page: Listed; isNew: boolean; isFiltered: boolean }) {
  if (!isNew) {
    return (
      <EmptyState
        icon={SearchX}
        title={isFiltered ? "No post matches" : "There are no older posts"}
        action={<ButtonLink to={paths.posts}>Show all posts</ButtonLink>}
      >
        {isFiltered && "Try other words, or another status or author."}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={FileText}
      title="No posts yet"
      action={
        page.canWrite && (
          <ButtonLink look="primary" to={paths.newPost}>
            Write the first post
          </ButtonLink>
        )
      }
    >
      What is published here is read by everyone in {page.organization.name}, and by nobody else.
    </EmptyState>
  );
}

function resultSentence({ posts, next }: Listed) {
  if (posts.length === 0) return "No posts.";
  return `${posts.length === 1 ? "1 post" : `${posts.length} posts`}${next ? ", and older ones on the next page" : ""}.`;
}

function addressOf({ status, authorId, text }: Listed["filter"], before?: string) {
  const given = { status, author: authorId, text, before };
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(given)) if (value) search.set(name, value);
  return search.size > 0 ? `${paths.posts}?${search}` : paths.posts;
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: pageTitle("Posts", data?.organization) }];
