import { expect, test } from "vitest";
import { createContext } from "./context";

test("a context is handed on from one step to the next, until it is closed", async () => {
  const context = createContext();
  await context.inside("acme", async () => {
    await null;
    expect(context.organizationId()).toBe("acme");
    context.close();
    await null;
    expect(context.organizationId()).toBeNull();
  });
});
