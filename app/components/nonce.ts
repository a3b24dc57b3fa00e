// The nonce of this response's Content-Security-Policy; empty in the browser, which hides it anyway.
import { createContext } from "react";

export const NonceContext = createContext("");
