using Contracts;
using Messaging;
using Microsoft.Extensions.Options;
using PaymentService;
using PaymentService.Cards;
using PaymentService.Features;
using PaymentService.Gateways;
using ServiceDefaults.Commands;
using ServiceDefaults.Database;
using ServiceDefaults.Idempotency;

if (HealthProbe.IsAsked(args))
    return await HealthProbe.RunAsync(args);

var builder = WebApplication.CreateSlimBuilder(args);

builder.AddServiceDefaults();
builder.AddDatabase(ResourceNames.PaymentDb, typeof(IdempotencyStore).Assembly, typeof(OutboxMessage).Assembly, typeof(Program).Assembly);
builder.AddMessaging(messages =>
{
    messages.UseDatabase();
    messages.Consume(Topics.Reservations, ResourceNames.Payment, consumers => consumers.Add<RefundPayment>());
});
builder.AddCardGateways();

builder.Services.AddOptions<ReconcilerOptions>().BindConfiguration(ReconcilerOptions.Section).ValidateOnStart();
builder.Services
    .AddSingleton<IValidateOptions<ReconcilerOptions>, ValidateReconcilerOptions>()
    .ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, PaymentJson.Default))
    .AddSingleton<PaymentMetrics>()
    .AddSingleton<CardPayments>()
    .AddSingleton<FirstAnswers>()
    .AddSingleton<FindPayment>()
    .AddSingleton<PayWithPoints>()
    .AddSingleton<PayByCard>()
    .AddSingleton<ReconcilePayments>()
    .AddSingleton<CancelApprovals>()
    .AddHostedService<OpenDemoWallets>()
    .AddHostedService(services => services.GetRequiredService<ReconcilePayments>())
    .AddHostedService(services => services.GetRequiredService<CancelApprovals>());

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapDeadLetters();

var api = app.MapGroup("/api/v1");
GetWallet.Map(api);
ListWalletEntries.Map(api);
ChargeWallet.Map(api);
Pay.Map(api);
GetPayment.Map(api);

await app.RunOrApplySchemaAsync(args);
return 0;
