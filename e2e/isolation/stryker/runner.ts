// A setup that fails, fails every test that stands on it: Stryker counts only tests, and would take a mutant that stops them all for one that nobody noticed.
import { TestRunner } from "vitest";

type Suite = Parameters<TestRunner["onBeforeRunSuite"]>[0];

export default class extends TestRunner {
  override async onBeforeRunSuite(suite: Suite): Promise<void> {
    await super.onBeforeRunSuite(suite);
    const hooks = TestRunner.getSuiteHooks(suite);
    const failures: unknown[] = [];
    hooks.beforeAll = hooks.beforeAll.map((setUp) => {
      const caught: typeof setUp = async (...given) => {
        if (failures.length > 0) return;
        try {
          return await setUp(...given);
        } catch (error) {
          failures.push(error);
        }
      };
      return Object.assign(caught, setUp);
    });
    hooks.beforeEach.unshift(() => {
      if (failures.length > 0) throw failures[0];
    });
  }
}
