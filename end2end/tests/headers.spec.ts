import { expect, exchange, test } from "../lib/test";

const JSON_TYPE = { "content-type": "application/json" };
const FIXED: [string, string][] = [
  ["x-frame-options", "DENY"],
  ["x-content-type-options", "nosniff"],
  ["referrer-policy", "no-referrer"],
  ["cross-origin-opener-policy", "same-origin"],
  ["cross-origin-resource-policy", "same-origin"],
];

function policy(header: string | undefined): Map<string, string[]> {
  const parts = (header ?? "").split(";").map((part) => part.trim().split(/\s+/)).filter(([name]) => name);
  return new Map(parts.map(([name, ...values]) => [name.toLowerCase(), values]));
}

function expectHardened(headers: Record<string, string>, where: string) {
  for (const [name, value] of FIXED) expect.soft(headers[name]?.toLowerCase(), `${name} on ${where}`).toBe(value.toLowerCase());
  const permissions = headers["permissions-policy"] ?? "";
  for (const part of ["camera=(self)", "microphone=()", "geolocation=()"]) expect.soft(permissions, where).toContain(part);
  // Over plain HTTP browsers ignore HSTS; where it is sent it must be the whole promise.
  const hsts = headers["strict-transport-security"];
  if (hsts) expect.soft(hsts, where).toBe("max-age=31536000; includeSubDomains; preload");
  for (const banner of ["server", "x-powered-by"]) expect.soft(headers[banner], `${banner} on ${where}`).toBeUndefined();

  const csp = policy(headers["content-security-policy"]);
  expect.soft(csp.get("default-src"), `CSP on ${where}`).toEqual(["'none'"]);
  for (const name of ["frame-ancestors", "base-uri"]) expect.soft(csp.get(name), `${name} on ${where}`).toEqual(["'none'"]);
  const all = [...csp.values()].flat();
  for (const loose of ["'unsafe-inline'", "'unsafe-eval'", "*", "https:", "http:", "data:"]) {
    const scripts = [...(csp.get("script-src") ?? []), ...(csp.get("style-src") ?? []), ...(csp.get("connect-src") ?? [])];
    expect.soft(scripts, `${loose} on ${where}`).not.toContain(loose);
  }
  expect.soft(all, where).not.toContain("'unsafe-inline'");
}

test("every answer is hardened: pages, errors, files, the API", async ({ server }) => {
  const page = await exchange(`${server.url}/login`);
  const asset = page.body.toString().match(/\/pkg\/[^"' ]+\.(?:js|css|wasm)/)?.[0];
  expect(asset, "the page names its assets").toBeTruthy();
  const answers: [string, number[]][] = [
    ["/", [200]],
    ["/login", [200]],
    ["/signup", [200]],
    ["/no-such-page", [404]],
    ["/pkg/no-such-file.js", [404]],
    [asset!, [200]],
    ["/healthz", [200]],
    ["/readyz", [200]],
    ["/overview", [302, 303, 307]],
    ["/api/v1/me", [401]],
    ["/api/v1/no-such-thing", [401, 404]],
    ["/api/v1/openapi.json", [200]],
    ["/%2e%2e/%2e%2e/etc/passwd", [400, 404]],
  ];
  for (const [route, statuses] of answers) {
    const { status, headers } = await exchange(server.url + route);
    expect.soft(statuses, `${route} answered ${status}`).toContain(status);
    expectHardened(headers, route);
  }
});

test("a page allows scripts by a nonce that is new each time", async ({ server }) => {
  const nonces = new Set<string>();
  for (let round = 0; round < 3; round += 1) {
    const { headers, body } = await exchange(`${server.url}/login`);
    const csp = policy(headers["content-security-policy"]);
    const scripts = csp.get("script-src") ?? [];
    expect(scripts).toContain("'self'");
    expect(scripts).toContain("'wasm-unsafe-eval'");
    expect(csp.get("form-action")).toEqual(["'self'"]);
    expect(csp.get("connect-src")).toEqual(["'self'"]);
    const nonce = scripts.find((source) => source.startsWith("'nonce-"))?.slice(7, -1) ?? "";
    expect(nonce.length).toBeGreaterThanOrEqual(22);
    const html = body.toString();
    const inline = [...html.matchAll(/<script(?![^>]*\ssrc=)([^>]*)>/g)];
    for (const [, attributes] of inline) expect(attributes).toContain(`nonce="${nonce}"`);
    expect(html).not.toMatch(/\sstyle="/);
    expect(html).not.toMatch(/\son[a-z]+="/);
    nonces.add(nonce);
  }
  expect(nonces.size).toBe(3);
});

test("signed-in pages and answers of the API are never stored", async ({ server }) => {
  for (const route of ["/api/v1/me", "/overview"]) {
    const { headers } = await exchange(server.url + route);
    expect.soft(headers["cache-control"] ?? "", route).toContain("no-store");
  }
});

const writes: [string, string][] = [
  ["POST", "/api/v1/login"],
  ["POST", "/api/v1/signup"],
  ["POST", "/api/v1/documents"],
  ["DELETE", "/api/v1/me"],
  ["PUT", "/api/v1/me"],
  ["PATCH", "/api/v1/me"],
  ["POST", "/login"],
  ["POST", "/no-such-page"],
];
const body = JSON.stringify({ email: "nobody@example.org", password: "not a password of anyone" });

for (const [name, origin] of [
  ["of another site", "https://evil.example"],
  ["of another port", "http://127.0.0.1:1"],
  ["that is null", "null"],
  ["that only starts alike", "SELF.evil.example"],
] as const) {
  test(`a write with an Origin ${name} is refused`, async ({ server }) => {
    for (const [method, route] of writes) {
      const headers = { ...JSON_TYPE, origin: origin.replace("SELF", server.url) };
      const answer = await exchange(server.url + route, { method, headers, body });
      expect.soft(answer.status, `${method} ${route}`).toBe(403);
      expectHardened(answer.headers, `${method} ${route}`);
    }
  });
}

test("a write without an Origin is refused, before its body is read", async ({ server }) => {
  for (const [method, route] of writes) {
    const answer = await exchange(server.url + route, { method, headers: JSON_TYPE, body });
    expect.soft(answer.status, `${method} ${route}`).toBe(403);
  }
  const announced = { ...JSON_TYPE, "content-length": "1000000", origin: "https://evil.example" };
  const early = await exchange(`${server.url}/api/v1/documents`, { method: "POST", headers: announced, body: null as any });
  expect(early.status).toBe(403);
});

test("a write that the browser calls cross-site is refused even with a good Origin", async ({ server }) => {
  const headers = { ...JSON_TYPE, origin: server.url, "sec-fetch-site": "cross-site" };
  const answer = await exchange(`${server.url}/api/v1/login`, { method: "POST", headers, body });
  expect(answer.status).toBe(403);
});

test("a write from our own pages passes the check and meets the real one", async ({ server }) => {
  const headers = { ...JSON_TYPE, origin: server.url, "sec-fetch-site": "same-origin" };
  const answer = await exchange(`${server.url}/api/v1/login`, { method: "POST", headers, body });
  expect(answer.status).toBe(401);
  expect(answer.headers["content-type"]).toContain("application/problem+json");
  expectHardened(answer.headers, "a refused sign-in");
});

test("of all that a browser can be asked for, pages have the camera and passkeys, and the journal what its codes need", async ({ page, server }) => {
  const features = async (at: string) => {
    await page.goto(server.url + at);
    return page.evaluate(() => {
      // Not in the types: it is how Chromium tells its Permissions-Policy.
      const policy = (document as unknown as { featurePolicy: { allowedFeatures(): string[]; features(): string[] } }).featurePolicy;
      // Client hints are words about the browser itself, sent only when asked for (decision 0016).
      const allowed = policy.allowedFeatures().filter((name) => !name.startsWith("ch-"));
      return { allowed: allowed.sort(), known: policy.features() };
    });
  };
  const everywhere = ["camera", "publickey-credentials-create", "publickey-credentials-get"];
  const ofTheJournal = [...everywhere, "clipboard-write", "media-playback-while-not-visible"];
  for (const [at, own] of [["/login", everywhere], ["/journal", ofTheJournal]] as const) {
    const { allowed, known } = await features(at);
    // Not every version knows the right to play while not visible; the others all do.
    expect(known).toEqual(expect.arrayContaining(everywhere));
    expect(allowed, at).toEqual(own.filter((name) => known.includes(name)).sort());
  }
});
