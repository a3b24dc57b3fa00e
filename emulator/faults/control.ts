// What only an emulator has, as JSON below /emulator: faults, baseline, time, an operator's change of roles, received mail.
import express, { type Router } from "express";
import { z } from "zod";
import type { Store } from "../database/store";
import { isMember, memberRoles, replaceRoles } from "../directory/organizations";
import { rolesByName } from "../directory/template";
import { LogtoError } from "../errors";
import { keepMail } from "../mail/outbox";
import { refuse } from "../management/server";
import { parse } from "../management/validation";
import { type Baseline, passTime } from "./baseline";
import type { Faults } from "./faults";
import { Rules } from "./rules";

const Time = z.object({ advanceSeconds: z.number().int().min(1) });
const PostedMail = z.object({
  to: z.string(),
  type: z.string(),
  payload: z.record(z.string(), z.unknown()).default({}),
});
const MemberRoles = z.object({
  organizationRoleIds: z.array(z.string()).default([]),
  organizationRoleNames: z.array(z.string()).default([]),
});

export function controlApi(store: Store, faults: Faults, baseline: Baseline): Router {
  const router = express.Router();
  const json = express.json({ limit: "1mb" });

  router.get("/faults", (_request, response) => void response.json(faults.list()));
  router.post("/faults", json, (request, response) => {
    response.status(201).json(faults.add(parse(Rules, request.body)));
  });
  router.delete("/faults", (_request, response) => {
    faults.clear();
    response.status(204).end();
  });

  router.post("/mail", json, (request, response) => {
    keepMail(store, parse(PostedMail, request.body));
    response.status(204).end();
  });

  router.post("/baseline", (_request, response) => {
    baseline.save();
    response.status(204).end();
  });
  router.post("/reset", (_request, response) => {
    faults.clear();
    baseline.reset();
    response.status(204).end();
  });
  router.post("/clock", json, (request, response) => {
    passTime(store, parse(Time, request.body).advanceSeconds);
    response.status(204).end();
  });

  router.put("/organizations/:id/users/:userId/roles", json, (request, response) => {
    const { id, userId } = request.params;
    const { organizationRoleIds, organizationRoleNames } = parse(MemberRoles, request.body);
    if (!isMember(store, id, userId)) throw new LogtoError(422, "organization.require_membership");
    const { ids, missing } = rolesByName(store, organizationRoleNames);
    if (missing.length > 0)
      throw new LogtoError(422, "organization.role_names_not_found", { data: { names: missing } });
    replaceRoles(store, id, userId, [...new Set([...organizationRoleIds, ...ids])]);
    response.json(memberRoles(store, id, userId));
  });

  router.use(refuse);
  return router;
}
