using Symbolon.Gateway.Hosting;

return await Failure.GuardAsync(() => Composition.RunAsync(args));
