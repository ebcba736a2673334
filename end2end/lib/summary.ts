// Says at the very end in a few lines what failed and where, for whoever sees only the end of a log.
import type { FullConfig, Reporter, Suite, TestCase } from "@playwright/test/reporter";

const LINES = 12;
const plain = (text: string) => text.replace(/\u001b\[[0-9;]*m/g, "");

/** What the first failure of a test says, without the lines of its source. */
function why(test: TestCase) {
  const failed = test.results.find((result) => result.errors.length > 0);
  return (failed?.errors ?? []).flatMap((error) => {
    const lines = plain(error.message ?? error.value ?? "").split("\n").filter((line) => line.trim() !== "");
    const at = error.location ? [`at line ${error.location.line}`] : [];
    return [...lines.slice(0, LINES), ...at].map((line) => `      ${line.slice(0, 300)}`);
  });
}

export default class Summary implements Reporter {
  private root?: Suite;

  onBegin(_config: FullConfig, root: Suite) {
    this.root = root;
  }

  printsToStdio() {
    return false;
  }

  onEnd() {
    const all = this.root?.allTests() ?? [];
    for (const test of all.filter((test) => test.outcome() === "flaky")) {
      console.log(`\n  tried twice, since the browser had stopped drawing: ${test.titlePath().filter(Boolean).join(" › ")}`);
      console.log(why(test).join("\n"));
    }
    const failed = all.filter((test) => test.outcome() === "unexpected");
    for (const test of failed) {
      console.log(`\n  failed: ${test.titlePath().filter(Boolean).join(" › ")}`);
      console.log(why(test).join("\n"));
    }
  }
}
