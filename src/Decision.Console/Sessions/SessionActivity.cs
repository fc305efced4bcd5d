using Decision.Console.Access;
using Microsoft.AspNetCore.Components.Server.Circuits;

namespace Decision.Console.Sessions;

/// <summary>What a person does on a page keeps the session; what comes from a page whose session has ended is not looked at.</summary>
internal sealed class SessionActivity(ConsoleUser user) : CircuitHandler
{
    public override Func<CircuitInboundActivityContext, Task> CreateInboundActivityHandler(Func<CircuitInboundActivityContext, Task> next) =>
        async context =>
        {
            if (await user.LoadAsync() && user.Touch())
            {
                await next(context);
            }
        };
}
