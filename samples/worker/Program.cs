using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orders;
using Symbolon.Client;

var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { Args = args, ContentRootPath = AppContext.BaseDirectory });
var orders = builder.Configuration.GetValue<Uri>("Orders")!;
builder.Services.AddSymbolonClient(o => o.Authority = builder.Configuration.GetValue<Uri>("Authority")).UseTokenStore<FileTokenStore>(); // goes on with its session after a restart
builder.Services.AddHttpClient<OrdersApi>(http => http.BaseAddress = orders).AddSymbolonToken(t => t.AllowedHosts.Add(orders.GetLeftPart(UriPartial.Authority)));
builder.Services.AddOptions<WorkerOptions>().BindConfiguration("Worker").Validate(o => o.Password.Length > 0, "Set Worker:Password, for example by Worker__Password in the environment.").ValidateOnStart();
builder.Services.AddHostedService<OrdersWorker>();
await builder.Build().RunAsync();
