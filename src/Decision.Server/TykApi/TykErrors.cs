using Decision.Runtime.Administration;
using Decision.Runtime.Stores;
using Decision.Server.TykApi.Answers;

namespace Decision.Server.TykApi;

/// <summary>The one place that knows which failure is which of Tyk's answers. The cause goes to the log, a safe text to the caller.</summary>
internal sealed class TykErrors(ILogger<TykErrors> log)
{
    private static readonly Refusal NoAccessRights = new(
        StatusCodes.Status400BadRequest, $"Failed to create key, {KeyAdministration.NoAccessRights}.");

    /// <summary>The refusal of what a call threw.</summary>
    /// <param name="exception">What it threw.</param>
    /// <param name="operation">The call; null = it was not known yet.</param>
    /// <param name="route">The call's method and route, for the log.</param>
    public Refusal Of(Exception exception, TykOperation? operation, string route)
    {
        switch (exception)
        {
            case RefusedException refused:
                return refused.Refusal;
            case MalformedBodyException when operation is not null:
                return operation.Malformed + exception.Message;
            case AdministrationException { Error: AdministrationError.NotFound } when operation is not null:
                return operation.NotFound;
            case AdministrationException { Error: AdministrationError.Invalid } invalid when operation is not null:
                return OfInvalid(invalid, operation);
            case AdministrationException { Error: AdministrationError.PermissionDenied }:
                return new Refusal(StatusCodes.Status403Forbidden, exception.Message);
            case AdministrationException:
                return new Refusal(StatusCodes.Status409Conflict, exception.Message);
            case StoreException:
                ServerLog.StoreFailed(log, route, exception);
                return new Refusal(StatusCodes.Status503ServiceUnavailable, exception.Message);
            case BadHttpRequestException bad:
                return new Refusal(bad.StatusCode, "The request's body could not be read: it is too slow, too large or cut off.");
            default:
                ServerLog.CallFailed(log, route, exception);
                return new Refusal(StatusCodes.Status500InternalServerError, "The server failed on this call; its log says why.");
        }
    }

    private static Refusal OfInvalid(AdministrationException invalid, TykOperation operation)
    {
        string text = Sentences.Join(invalid.Findings);
        return invalid.Findings.All(finding => finding.Message.StartsWith(KeyAdministration.NoAccessRights, StringComparison.Ordinal)) ? NoAccessRights
            : invalid.Findings.Any(finding => finding.Field == "apply_policies") ? operation.PoliciesFailed + text
            : operation.Invalid + text;
    }
}
