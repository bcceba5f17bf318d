/**
 * What browsers are told not to do.
 *
 * @module
 */

import { every } from "hono/combine";
import { createMiddleware } from "hono/factory";
import { secureHeaders } from "hono/secure-headers";
import { isApi } from "./is_api.ts";

/** What a browser lets a page do that ours need not: devices, sensors, keys, tracking, other networks. */
export const FORBIDDEN_FEATURES: readonly string[] = [
  ...["accelerometer", "gyroscope", "magnetometer", "idle-detection", "geolocation"],
  ...["camera", "microphone", "display-capture", "captured-surface-control", "speaker-selection"],
  ...["gamepad", "hid", "midi", "serial", "usb", "xr-spatial-tracking"],
  ...["clipboard-read", "compute-pressure", "keyboard-map", "local-fonts", "window-management"],
  ...["digital-credentials-create", "digital-credentials-get", "identity-credentials-get"],
  ...["otp-credentials", "payment", "publickey-credentials-create", "publickey-credentials-get"],
  ...["autoplay", "encrypted-media", "picture-in-picture", "screen-wake-lock", "sync-xhr"],
  ...["browsing-topics", "private-state-token-issuance", "private-state-token-redemption"],
  ...["local-network", "local-network-access", "loopback-network", "storage-access"],
  ...["language-detector", "language-model", "on-device-speech-recognition", "summarizer"],
  "translator",
];

const permissionsPolicy = FORBIDDEN_FEATURES.map((feature) => `${feature}=()`).join(", ");

/** The library's own option knows not all of them. */
const forbidFeatures = createMiddleware(async (c, next) => {
  await next();
  c.header("Permissions-Policy", permissionsPolicy);
});

const common = {
  // Not for subdomains: they may be somebody else's.
  strictTransportSecurity: "max-age=15552000",
  xFrameOptions: "DENY",
  overwrite: false,
} as const;

const forPeople = every(
  secureHeaders({
    ...common,
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", "data:", "blob:"],
      connectSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
    referrerPolicy: "no-referrer",
  }),
  forbidFeatures,
);

/** OWASP's list for REST, and that no other site may embed an answer. */
const forPrograms = secureHeaders({
  ...common,
  contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
  referrerPolicy: false,
  crossOriginOpenerPolicy: false,
  originAgentCluster: false,
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
});

/**
 * Middleware that sets the headers of every answer. Pages run their own script and style files, show
 * images that they made, and call this server only, and are framed by nobody. What the API answers is no
 * document: policies for what documents may do would say nothing there, and they are longer than most
 * answers. A route may have said something else.
 */
export const securityHeaders = createMiddleware((c, next) =>
  (isApi(c.req.path) ? forPrograms : forPeople)(c, next)
);
