-- Leases of a subject, as the field l holds them: of each the counter's name, the id that its replica gave it, the number of its last order, units
-- that were told as used, units that are out, the end by which these are used or given back, and until when what is used at the end counts at most.
leases = module(function(leases)
  function leases.read(bytes)
    local held, at = {}, 1
    while at <= #bytes do
      local length, lease
      length, at = sunpack('<H', bytes, at)
      lease, at = {name = sub(bytes, at, at + length - 1)}, at + length
      lease.id, lease.number, lease.told, lease.units, lease.ends, lease.counts, at = sunpack('<c8ddddd', bytes, at)
      held[#held + 1] = lease
    end
    return held
  end

  function leases.write(held)
    local parts = {}
    for index = 1, #held do
      local lease = held[index]
      parts[index] = spack('<H', #lease.name) .. lease.name .. spack('<c8ddddd', lease.id, lease.number, lease.told, lease.units, lease.ends, lease.counts)
    end
    return table.concat(parts)
  end

  -- Counts units that were used of a lease, at their last use or later; answers the new state. What was used in a quota's period that is over
  -- does not count any more.
  local function use(c, l, s, units, at, now)
    if units <= 0 then return s end
    at = max(at, s and s.n or 0)
    if l.k >= ROLLING and ((l.k == CALENDAR and at < l.ws) or (s and s.n > 0 and quotas.running(l, s, max(now, at)) == 0)) then return s end
    return limits.spend(c, l, limits.under(c, l, s), units, at)
  end
  leases.use = use

  -- Units of a counter that are out on leases, the last end of them, and whether one is past its end.
  function leases.reserved(held, name, now)
    local reserved, ends, has_ended = 0, 0, false
    for index = 1, #held do
      local lease = held[index]
      if lease.name == name then
        if lease.ends <= now then has_ended = true else reserved, ends = reserved + lease.units, max(ends, lease.ends) end
      end
    end
    return reserved, ends, has_ended
  end

  -- Counts what is past its end: its replica told nothing of it, so all of it may have been used until then. Answers the new state and the leases
  -- that are left.
  function leases.settle(held, c, l, s, now)
    local left = {}
    for index = 1, #held do
      local lease = held[index]
      if lease.name == c.name and lease.ends <= now then
        s = use(c, l, s, lease.units, lease.ends, now)
      else
        left[#left + 1] = lease
      end
    end
    return s, left
  end
end)
