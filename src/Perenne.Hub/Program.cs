using Perenne.Hub;
using Perenne.Hub.Organizations;

WebApplication app = HubHost.Build(args);
await HubHost.PrepareAsync(app);
await SetUpLink.OfferAsync(app);

// For the person at the terminal, whatever the log level: where to go, and how to stop.
app.Lifetime.ApplicationStarted.Register(() => Console.Out.WriteLine($"Perenne runs on {string.Join(" and ", app.Urls)} (Ctrl+C stops it)."));
await app.RunAsync();
