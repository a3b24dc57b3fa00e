// Ids: random, so that nothing can be counted, guessed or put in order.
import { randomBytes } from "node:crypto";

/** 128 random bits in base64url: 22 characters, safe in a URL. */
export const newId = () => randomBytes(16).toString("base64url");
