using System.Security.Claims;
using Orders;
using Symbolon.AspNetCore;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddAuthentication().AddSymbolon(); // its settings: Authentication:Schemes:Symbolon
builder.Services.AddAuthorization();
builder.Services.AddHealthChecks().AddSymbolon();
builder.Services.AddSignalR();

var app = builder.Build();
app.UseWebSockets();
app.MapHealthChecks("/health");

app.MapGet("/", () => "Anybody may read this.");
app.MapGet("/orders", (ClaimsPrincipal user) => new { user = user.Subject(), order = "bread and salt" }).RequireSymbolon();
app.MapGet("/payments", (ClaimsPrincipal user) => new { user = user.Subject() }).RequireSymbolon(SymbolonMode.Live);
app.MapGet("/reports", () => "Until it expires, a token is enough.").RequireSymbolon(SymbolonMode.Offline);
app.MapGet("/admin", () => "For administrators.").RequireSymbolon().RequireAuthorization(policy => policy.RequireRole("admin"));
app.MapGet("/exports", () => "For the scope orders.export.").RequireSymbolon().RequireScope("orders.export");

app.MapGet("/events", Streams.EventsAsync).RequireSymbolon();
app.Map("/socket", Streams.EchoAsync).RequireSymbolon();
app.MapGet("/download", Streams.DownloadAsync).RequireSymbolon();
app.MapHub<OrdersHub>("/hubs/orders").RequireSymbolon();
await app.RunAsync();
