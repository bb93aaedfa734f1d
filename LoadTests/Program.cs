using System.CommandLine;
using LoadTests.Books;
using LoadTests.Drills;
using LoadTests.Idle;
using LoadTests.LineSimulation;
using LoadTests.Planning;
using LoadTests.Postmortems;
using LoadTests.Profiles;
using LoadTests.Results;
using LoadTests.Seeding;

const int UsageError = 2;

// Ctrl-C ends the load and not the program: what was measured so far is still checked and written.
var patience = new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(2) };

var root = new RootCommand("Replays the booking flow against the running system and checks the books afterwards.") { PlanCommand.Create(), CompareCommand.Create(), CheckCommand.Create(), DrillCommand.Create(), PostmortemCommand.Create(), LineSimulationCommand.Create(), IdleCommand.Create() };
foreach (var command in (IEnumerable<Command>)[.. ProfileCommands.Create(), .. SeedCommands.Create()]) root.Add(command);

var parsed = root.Parse(args);
if (parsed.Errors.Count == 0) return await parsed.InvokeAsync(patience);

foreach (var error in parsed.Errors) Console.Error.WriteLine(error.Message);
Console.Error.WriteLine();
await root.Parse("--help").InvokeAsync(new InvocationConfiguration { Output = Console.Error });
return UsageError;
