/**
 * The frame of every page.
 *
 * @module
 */

import type { Child } from "hono/jsx";
import { assetUrl } from "./asset_url.ts";

/** What a page puts into the frame. */
export interface LayoutProps {
  readonly title: string;
  /** One sentence, for search engines and shared links. */
  readonly description: string;
  /** The client code, a file of `/static/`, if there is any. */
  readonly script?: string;
  /** Styles of this page alone, files of `/static/`. */
  readonly styles?: readonly string[];
  readonly children: Child;
}

/** The document around a page; no style or script stands in it, so that the CSP can forbid both. */
export function Layout({ title, description, script, styles = [], children }: LayoutProps) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>{title}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="description" content={description} />
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href={assetUrl("icon.svg")} type="image/svg+xml" />
        <link rel="stylesheet" href={assetUrl("base.css")} />
        <link rel="stylesheet" href={assetUrl("image.css")} />
        <link rel="stylesheet" href={assetUrl("attack.css")} />
        <link rel="stylesheet" href={assetUrl("result.css")} />
        {styles.map((file) => <link key={file} rel="stylesheet" href={assetUrl(file)} />)}
        {script && <script type="module" src={assetUrl(script)}></script>}
      </head>
      <body>{children}</body>
    </html>
  );
}
