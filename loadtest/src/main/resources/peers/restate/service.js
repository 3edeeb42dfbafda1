// Promise.withResolvers came with Node.js 22.
Promise.withResolvers ??= function () {
  let resolve, reject;
  const promise = new Promise((yes, no) => { resolve = yes; reject = no; });
  return { promise, resolve, reject };
};

const restate = await import("@restatedev/restate-sdk");

const steps = async (ctx, number) => {
  let count = 0;
  for (let i = 0; i < number; i++) {
    count = await ctx.run("step", () => count + 1);
  }
  return { count };
};

const calls = async (ctx, number) => {
  let answer;
  for (let i = 0; i < number; i++) {
    answer = await ctx.run("call", async () => (await fetch("@upstream@")).json());
  }
  return answer;
};

const compare = restate.service({ name: "compare", handlers: { steps, calls } });
restate.endpoint().bind(compare).listen(Number(process.argv[2]));
