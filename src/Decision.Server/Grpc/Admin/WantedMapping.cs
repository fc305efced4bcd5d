using System.Text;
using Decision.Engine.Findings;
using Decision.Engine.Json;
using Decision.Engine.Paths;
using Decision.Engine.Policies;
using Decision.Engine.Rules;
using Decision.Runtime.Administration;
using V1 = Decision.Contracts.Admin.V1;

namespace Decision.Server.Grpc.Admin;

/// <summary>Reads the policies that a call wants, those of messages and those of texts, with all that is found in all of them.</summary>
internal sealed class WantedMapping(PolicyAdministration policies, UrlMatching matching)
{
    private const string Field = "wanted";
    private const string Request = "request";

    /// <summary>The policies. One with an error is left out, and its error is among the findings.</summary>
    /// <exception cref="AdministrationException">There is nothing to read.</exception>
    public WantedPolicies Read(V1.WantedPolicies? wanted)
    {
        wanted = Sent.Required(wanted, Field);
        var findings = new FindingList();
        var sources = new List<(string, IReadOnlyDictionary<string, Policy>)>();
        for (int index = 0; index < wanted.Policies.Count; index++)
        {
            string path = $"{Field}.policies[{index}]";
            if (Read(wanted.Policies[index], path, findings) is { } policy)
            {
                sources.Add((path, new Dictionary<string, Policy>(StringComparer.Ordinal) { [policy.Id] = policy }));
            }
        }

        for (int index = 0; index < wanted.Texts.Count; index++)
        {
            if (Read(wanted.Texts[index], $"{Field}.texts[{index}]", findings) is { } some)
            {
                sources.Add((wanted.Texts[index].Name, some));
            }
        }

        return new WantedPolicies(
            PolicySetRules.Join(sources, findings), findings, wanted.HasOrganizationId ? wanted.OrganizationId : null, wanted.Prune);
    }

    /// <summary>A plan without an error.</summary>
    /// <exception cref="AdministrationException">With all that is found.</exception>
    public static PolicyPlan Valid(PolicyPlan plan) => plan.Findings.HasErrors ? throw new AdministrationException(plan.Findings) : plan;

    /// <summary>Runs a call; where its policies are refused, each finding's field begins with the policy's id or the text's name.</summary>
    public static async Task<T> InTermsOfTheRequestAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (AdministrationException refusal) when (refusal.Error == AdministrationError.Invalid)
        {
            throw new AdministrationException([.. refusal.Findings.Select(InTermsOfTheRequest)]);
        }
    }

    private static Finding InTermsOfTheRequest(Finding finding)
    {
        if (finding.Subject == Request)
        {
            return finding;
        }

        var told = FindingMapping.ToMessage(finding);
        return finding with
        {
            Subject = Request,
            Field = told.Field.Length == 0 ? told.Subject : FieldFindings.Join(told.Subject, told.Field),
            Message = told.Message,
        };
    }

    private Policy? Read(V1.Policy message, string path, FindingList findings)
    {
        if (message.Id.Length == 0)
        {
            findings.Error(Request, $"{path}.id", "is missing: write the policy's id, by which it is found again.");
            return null;
        }

        var found = new FieldFindings($"policy {message.Id}");
        var policy = PolicyMapping.ToModel(message, found);
        findings.AddRange(found.List);
        var checkedFindings = policies.Validate(policy);
        findings.AddRange(checkedFindings);
        return found.List.HasErrors || checkedFindings.HasErrors ? null : policy;
    }

    private IReadOnlyDictionary<string, Policy>? Read(V1.PolicyText text, string path, FindingList findings)
    {
        if (text.Name.Length == 0)
        {
            findings.Error(Request, $"{path}.name", "is missing: write the file's name, for the findings.");
            return null;
        }

        var read = PolicyDocument.ReadDirectoryFile(Encoding.UTF8.GetBytes(text.Json), text.Name, findings, matching);
        foreach (var policy in read?.Values ?? [])
        {
            policies.WarnOfForeignApis(policy, findings, $"{text.Name}: ");
        }

        return read;
    }
}
