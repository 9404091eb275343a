import { expect, test } from "vitest";
import { keyHeaders, serverAddress } from "./server-address.ts";

test.each(["http://127.0.0.1:8410", "http://127.0.0.1:8410/", "http://127.0.0.1:8410/api/v1/"])(
  "%s is the address of a server",
  (address) => {
    expect(serverAddress(address).href).toBe("http://127.0.0.1:8410/api/v1/");
  },
);

test.each([
  "127.0.0.1:8410",
  "http://",
  "http://127.0.0.1:99999",
  "http://a b",
  "http://a/?x=1",
  "http://a/#x",
  "",
])("%j is none", (address) => {
  expect(() => serverAddress(address)).toThrow(expect.objectContaining({ code: "bad-argument" }));
});

test("a password in an address, and a key that is none, are refused without being shown", () => {
  for (const address of ["http://me:geheim@host", "http://me:geheim@host:99999"]) {
    expect(() => serverAddress(address)).toThrow(
      expect.objectContaining({ code: "bad-argument", message: expect.not.stringContaining("geheim") }),
    );
  }
  for (const key of ["geheim\n", "ge heim", "geheim\u00e9", ""]) {
    expect(() => keyHeaders(key)).toThrow(
      expect.objectContaining({ code: "bad-argument", message: expect.not.stringContaining("geheim") }),
    );
  }
  expect(keyHeaders("tml-1")).toEqual({ "x-api-key": "tml-1", authorization: "Bearer tml-1" });
  expect(keyHeaders(undefined)).toEqual({});
});
