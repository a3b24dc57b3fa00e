// The command line of the emulator: `npm run emulator`.
import { startEmulator } from "./start";

async function main(): Promise<void> {
  const { EMULATOR_PORT, EMULATOR_FILE, EMULATOR_APP_URL, EMULATOR_MACHINE_ID, EMULATOR_MACHINE_SECRET } = process.env;
  const machine =
    EMULATOR_MACHINE_ID && EMULATOR_MACHINE_SECRET
      ? { id: EMULATOR_MACHINE_ID, secret: EMULATOR_MACHINE_SECRET }
      : undefined;
  const emulator = await startEmulator({
    port: Number(EMULATOR_PORT || 3001),
    file: EMULATOR_FILE || ".data/emulator.db",
    appUrl: EMULATOR_APP_URL || undefined,
    machine,
  });

  console.log(`Logto emulator  ${emulator.endpoint}`);
  console.log(`Console         ${emulator.endpoint}/emulator`);
  console.log(`Outbox          ${emulator.endpoint}/emulator/outbox`);
  console.log(`Machine         ${emulator.machine.id}`);

  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    void emulator.close().then(() => process.exit(0));
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
