# The server in a container: a plain user, a volume for the store, and nothing else to write to.
#
#     docker build -t edgedoor .
#     docker run --read-only -v edgedoor:/data -p 8000:8000 edgedoor
FROM denoland/deno:2.9.6
WORKDIR /edgedoor

# Packages change less often than sources.
COPY deno.json deno.lock deno.run.json deno.run.lock ./
RUN deno install --config=deno.run.json

COPY . .
# Translated now, and not at each start; the image's Worker is a program of its own.
RUN deno cache --config=deno.run.json --node-modules-dir=manual scripts/start.ts lib/serve/image_thread.ts
RUN install --directory --owner=deno --group=deno /data

ENV HOST=0.0.0.0
ENV PORT=8000
ENV EDGEDOOR_KV=/data/models.sqlite3
EXPOSE 8000
VOLUME /data
USER deno
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s \
  CMD ["deno", "eval", "--no-config", "const { ok } = await fetch(`http://127.0.0.1:${Deno.env.get('PORT')}/v2/health/ready`); Deno.exit(ok ? 0 : 1)"]
# The command of `deno task start`, without a second Deno in front of it.
CMD [ \
  "deno", "run", "--config=deno.run.json", "--node-modules-dir=manual", \
  "--v8-flags=--max-semi-space-size=4", "--allow-net", "--no-prompt", \
  "--allow-read=/,deno.json,fixtures,lib,node_modules,results,routes/static", \
  "--allow-write", \
  "--allow-env=PORT,HOST,REUSE_PORT,EDGEDOOR_KV,CORS_ORIGINS,EDGEDOOR_TRUSTED_KEYS,LOG,METRICS,RATE_LIMIT,TRUST_PROXY,OTEL_DENO,INIT_CWD,DENO_KV_ACCESS_TOKEN,DENO_DEPLOY,DENO_DEPLOYMENT_ID,DENO_DIR,XDG_CACHE_HOME,HOME,LOCALAPPDATA,CLICOLOR_FORCE,FORCE_COLOR,NO_COLOR", \
  "scripts/start.ts" \
]
