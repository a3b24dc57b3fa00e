// Where a post stands: being written, read by everyone, or put away.
import { Badge } from "./badge";

export type PostStatus = "draft" | "published" | "archived";

const shown = {
  draft: { name: "Draft", tone: "warning" },
  published: { name: "Published", tone: "success" },
  archived: { name: "Archived", tone: "neutral" },
} as const;

export function PostStatusBadge({ status }: { status: PostStatus }) {
  return <Badge tone={shown[status].tone}>{shown[status].name}</Badge>;
}
