// Preloaded into programs that scripts start: ends them when whoever started them is gone, even if it was killed.

process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
process.channel?.unref();
