using Perenne.Hub;
using Perenne.Hub.Organizations;

await using WebApplication app = HubHost.Build(args);
await HubHost.PrepareAsync(app);

// For the person at the terminal, whatever the log level: where to go, and how to stop.
app.Lifetime.ApplicationStarted.Register(() => Console.Out.WriteLine($"Perenne runs on {string.Join(" and ", app.Urls)} (Ctrl+C stops it)."));
await app.StartAsync();
await SetUpLink.OfferAsync(app); // After the start, which does not wait for the database model.
await app.WaitForShutdownAsync();
