using PaymentGatewaySimulator;
using PaymentGatewaySimulator.Books;
using PaymentGatewaySimulator.Faults;
using PaymentGatewaySimulator.Features;
using ServiceDefaults.Commands;

if (HealthProbe.IsAsked(args))
    return await HealthProbe.RunAsync(args);

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.Services.AddOptions<SimulatorOptions>().BindConfiguration(SimulatorOptions.Section);
builder.Services
    .AddSingleton<Ledger>()
    .AddSingleton<FaultSwitch>()
    .ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, GatewayJson.Default));

var app = builder.Build();
app.MapDefaultEndpoints();

// Only what merchants call suffers from faults: the switches and the books must stay within reach.
var gateway = app.MapGroup("").AddEndpointFilter<FaultFilter>();
Approve.Map(gateway);
FindApproval.Map(gateway);
Cancel.Map(gateway);
SwitchFaults.Map(app);
GetBooks.Map(app);

await app.RunAsync();
return 0;
