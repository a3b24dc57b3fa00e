// What the head of every page links to: the stylesheet, its font and the icon.
import type { HtmlLinkDescriptor } from "@remix-run/react";
import styles from "../styles.css?url";
import inter from "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2?url";

export const documentLinks: HtmlLinkDescriptor[] = [
  { rel: "preload", as: "font", type: "font/woff2", href: inter, crossOrigin: "anonymous" },
  { rel: "stylesheet", href: styles },
  { rel: "icon", href: "/favicon.ico", sizes: "32x32" },
  { rel: "icon", href: "/favicon.svg", type: "image/svg+xml" },
];
