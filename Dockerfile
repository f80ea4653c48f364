# syntax=docker/dockerfile:1
# Goniec in a container: docker build -t goniec . ; compose.yaml has a whole installation.

# ---- builds dist/ with everything that building needs ----
FROM node:22-bookworm-slim AS build
WORKDIR /app
# better-sqlite3 ships binaries for common platforms; where there is none it is compiled.
RUN apt-get update && apt-get install --yes --no-install-recommends python3 make g++ && rm -rf /var/lib/apt/lists/*
COPY package.json package-lock.json ./
# Prisma would fetch a native engine that generating never runs; any executable will do (scripts/generate.mjs).
RUN PRISMA_SCHEMA_ENGINE_BINARY=/usr/local/bin/node npm ci --no-audit --no-fund
COPY prisma.config.ts tsconfig.json tsconfig.build.json ./
COPY prisma prisma
COPY scripts scripts
COPY src src
COPY bin bin
COPY demo demo
RUN npm run build

# ---- libraries that running needs: not the Prisma CLI, which only generates code (that is in dist/ by now), nor compilers for other databases ----
FROM build AS libraries
RUN npm pkg delete devDependencies dependencies.prisma \
  && npm prune --omit=dev --no-audit --no-fund --ignore-scripts \
  && find node_modules/@prisma/client/runtime -name 'query_compiler_*' ! -name 'query_compiler_small_bg.sqlite.*' ! -name 'query_compiler_small_bg.postgresql.*' -delete \
  && rm -rf node_modules/.cache node_modules/better-sqlite3/deps node_modules/better-sqlite3/src node_modules/better-sqlite3/build/Release/obj*

# ---- the program, and nothing that builds ----
FROM node:22-bookworm-slim AS goniec
LABEL org.opencontainers.image.title="Goniec" org.opencontainers.image.description="Answers customer e-mail from the team chat you already live in" org.opencontainers.image.licenses="MIT"
# pg_dump and pg_restore, for goniec backup and restore on PostgreSQL. Debian's version must not be older than the server's (compose.yaml).
RUN apt-get update && apt-get install --yes --no-install-recommends postgresql-client && rm -rf /var/lib/apt/lists/* \
  && useradd --uid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin goniec \
  && install --directory --owner=goniec --group=goniec --mode=0700 /data
WORKDIR /app
COPY --from=libraries /app/node_modules node_modules
COPY --from=build /app/package.json ./
COPY --from=build /app/dist dist
COPY --from=build /app/prisma prisma
COPY --from=build /app/bin bin
COPY --from=build /app/demo demo
COPY LICENSE desk.example.yaml ./
RUN ln -s /app/bin/goniec.js /usr/local/bin/goniec

USER goniec
# desk.yaml and .env are looked for in the folder that a command runs in.
WORKDIR /data
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 GONIEC_DATA_DIR=/data/desk INBOUND_SMTP_HOST=0.0.0.0
VOLUME /data
EXPOSE 3000 2525
STOPSIGNAL SIGTERM
# The port is read inside, so that PORT can be changed. No curl in the image: Node.js asks.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/app/bin/goniec.js"]
CMD ["start"]
