// What the page's last form was answered. Reading the page anew does not take it away, as it does with Remix's own.
import { useActionData, useLocation } from "@remix-run/react";
import { useState } from "react";

export function useAnswer<Answer>(): ReturnType<typeof useActionData<Answer>> {
  const answer = useActionData<Answer>();
  const { key } = useLocation();
  const [last, setLast] = useState({ answer, key });
  if (answer !== undefined && (answer !== last.answer || key !== last.key)) setLast({ answer, key });
  return answer ?? (last.key === key ? last.answer : undefined);
}
