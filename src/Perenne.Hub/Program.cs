using Perenne.Hub;

WebApplication app = HubHost.Build(args);
await HubHost.PrepareAsync(app);
await app.RunAsync();
