// Where a post stands. Published is the ordinary case, and stays quiet.
import { Badge } from "./badge";

export type PostStatus = "draft" | "published" | "archived";

export function PostStatusBadge({ status }: { status: PostStatus }) {
  if (status === "published") return <span className="text-muted">Published</span>;
  return status === "draft" ? <Badge tone="warning">Draft</Badge> : <Badge>Archived</Badge>;
}
