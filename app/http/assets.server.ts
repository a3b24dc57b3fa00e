// The build's public files. Only their own addresses are looked up: in front of every page, that would ask the disk at each request.
import express, { type RequestHandler } from "express";

const unhashed = ["/favicon.ico", "/favicon.svg", "/refusal.css", "/robots.txt"];

/** @param folder the build's `client`. The files of `/assets` have a hash in their names, so browsers may keep them for a year. */
export function builtAssets(folder: string): RequestHandler {
  const given = { index: false, redirect: false };
  const hashed = express.static(`${folder}/assets`, { ...given, immutable: true, maxAge: "1y" });
  const others = express.static(folder, { ...given, maxAge: "1h" });
  return express.Router().use("/assets", hashed).get(unhashed, others);
}
