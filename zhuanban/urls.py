"""Where each path goes. Scans (`/s/…`) never come here: the gate has its own entrance."""

from django.urls import include, path

urlpatterns = [
    path("", include("zhuanban.portal.urls")),
    path("door/", include("zhuanban.door.urls")),
    path("desk/", include("zhuanban.desk.urls")),
    path("desk/sign/", include("zhuanban.base.accounts.urls")),
    path("desk/audit/", include("zhuanban.base.audit.urls")),
    path("desk/venues/", include("zhuanban.modules.venues.urls")),
    path("desk/alerts/", include("zhuanban.trail.alerts.urls")),
    path("desk/status/", include("zhuanban.trail.status.urls")),
    path("desk/codes/", include("zhuanban.registry.codes.urls")),
    path("ui/", include("zhuanban.base.ui.urls")),
]
