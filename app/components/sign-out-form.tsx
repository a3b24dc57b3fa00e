// Who is signed in, and the way out, for pages without the sidebar.
import { Link } from "@remix-run/react";
import { paths } from "../paths";

export function SignOutForm({ name }: { name: string }) {
  return (
    <form method="post" action={paths.signOut} className="flex min-w-0 items-center gap-2 text-sm text-muted">
      <Link to={paths.account} title="Your account" className="truncate hover:text-ink">
        {name}
      </Link>
      <button
        type="submit"
        className="rounded-control px-2 py-1 whitespace-nowrap underline underline-offset-2 hover:text-ink"
      >
        Sign out
      </button>
    </form>
  );
}
