using System.Text.Json.Nodes;
using Decision.Engine.Charges;
using Decision.Engine.Findings;
using Decision.Engine.Json;
using Decision.Engine.Organizations;
using Decision.Runtime;
using Decision.Runtime.Administration;
using Decision.Runtime.Stores;
using Decision.Server.TykApi.Answers;
using Decision.Server.TykApi.Keys;
using Microsoft.Extensions.Options;
using static Decision.Server.Administrators.AdminDemand;

namespace Decision.Server.TykApi.Organizations;

/// <summary>The operations of <c>/tyk/org/keys</c> on <see cref="OrganizationAdministration"/>: Tyk keeps an organisation's limits as a session.</summary>
internal sealed class OrganizationOperations(
    OrganizationAdministration organizations, ICounterStore counters, IOptions<RuntimeOptions> options, ILogger<OrganizationOperations> log)
{
    private const int Page = 1000;
    private const int Attempts = 3;

    private static readonly Refusal NotFound = new(StatusCodes.Status404NotFound, "Org not found");

    public IEnumerable<TykRoute> Routes()
    {
        yield return new TykRoute("/tyk/org/keys", Dialect.Gateway, new TykOperation("GET", Viewer("organization.list"), ListAsync));
        yield return new TykRoute(
            "/tyk/org/keys/{id}",
            Dialect.Gateway,
            new TykOperation("GET", Viewer("organization.get"), GetAsync) { NotFound = NotFound },
            new TykOperation("POST", Admin("organization.update"), request => PutAsync(request, "added")),
            new TykOperation("PUT", Admin("organization.update"), request => PutAsync(request, "modified")),
            new TykOperation("DELETE", Admin("organization.delete"), DeleteAsync) { NotFound = NotFound });
    }

    private async Task<TykAnswer> ListAsync(TykRequest request)
    {
        var ids = new JsonArray();
        string next = "";
        do
        {
            var page = await organizations.ListAsync(static _ => true, "", next, Page, request.Cancellation);
            foreach (var stored in page.Items)
            {
                ids.Add((JsonNode)stored.Value.Id);
            }

            next = page.NextPageToken;
        }
        while (next.Length > 0);

        return new JsonAnswer(new JsonObject { ["keys"] = ids });
    }

    private async Task<TykAnswer> GetAsync(TykRequest request)
    {
        var organization = (await organizations.GetAsync(request.Id, request.Cancellation)).Value;
        var session = JsonAnswer.ToObject(writer => OrganizationJson.Write(writer, organization));
        session.Remove("organization_id");
        session.Insert(0, "org_id", organization.Id);
        if (QuotaOf(organization) is { } quota)
        {
            var reading = (await counters.ReadAsync([quota], request.Cancellation))[0];
            SessionJson.AddLeft(session, organization.Quota, new QuotaLeft(reading.Remaining, reading.PeriodEndUs / 1_000_000));
        }

        return new JsonAnswer(session);
    }

    private async Task<TykAnswer> PutAsync(TykRequest request, string action)
    {
        var findings = new FindingList();
        var organization = await ReadAsync(request, findings);
        var written = await PutAsync(organization, request.Cancellation);
        if (request.Query("reset_quota") == "1" && QuotaOf(organization) is { } quota)
        {
            await counters.ResetAsync([quota], CancellationToken.None);
        }

        var answer = new JsonObject { ["key"] = organization.Id, ["status"] = "ok", ["action"] = action };
        string[] warnings = Sentences.Warnings([.. findings, .. written.Warnings]);
        if (warnings.Length > 0)
        {
            answer["warnings"] = JsonAnswer.ToArray(warnings);
        }

        foreach (string warning in warnings)
        {
            TykApiLog.OrganizationWarned(log, organization.Id, warning);
        }

        return new JsonAnswer(answer);
    }

    private async Task<TykAnswer> DeleteAsync(TykRequest request)
    {
        await organizations.DeleteAsync(request.Id, "", request.Cancellation);
        await counters.DeleteSubjectAsync(new Subject(SubjectKind.Organization, request.Id), CancellationToken.None);
        return new JsonAnswer(new JsonObject { ["key"] = request.Id, ["status"] = "ok", ["action"] = "deleted" });
    }

    private static async Task<Organization> ReadAsync(TykRequest request, FindingList findings)
    {
        using var json = await request.ReadJsonAsync();
        if (OrganizationJson.Read(json.RootElement, request.Id, findings) is { } organization)
        {
            return organization;
        }

        var all = new FindingList();
        OrganizationJson.ReadChecked(json.RootElement, request.Id, all);
        throw new MalformedBodyException(all);
    }

    private async Task<Written<Organization>> PutAsync(Organization organization, CancellationToken cancellation)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await organizations.UpdateAsync(organization.Id, _ => organization, "", cancellation);
            }
            catch (AdministrationException missing) when (missing.Error == AdministrationError.NotFound)
            {
            }

            try
            {
                return await organizations.CreateAsync(organization, cancellation);
            }
            catch (AdministrationException taken) when (taken.Error == AdministrationError.AlreadyExists && attempt < Attempts)
            {
                // Between the look and the write another call made it.
            }
        }
    }

    private Charge? QuotaOf(Organization organization) => new OrganizationEntry(organization, 0, options.Value.Engine.Grants).Quota;
}
