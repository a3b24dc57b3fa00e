// What stands at an address that only takes a form: somebody has typed it, or gone back to it.
import { BarePage } from "./bare-page";
import { ButtonLink } from "./button";

export function FormAddress({ title, to, name }: { title: string; to: string; name: string }) {
  return (
    <BarePage title={title}>
      <p>
        <ButtonLink to={to}>{name}</ButtonLink>
      </p>
    </BarePage>
  );
}
