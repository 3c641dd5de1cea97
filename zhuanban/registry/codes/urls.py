from django.urls import path

from zhuanban.registry.codes import views

app_name = "codes"
urlpatterns = [
    path("<int:pk>/poster.pdf", views.poster, name="poster"),
    path("<int:pk>/reissue", views.reissue, name="reissue"),
    path("<int:pk>/revoke", views.revoke, name="revoke"),
    path("doors/<int:pk>/", views.door, name="door"),
    path("doors/<int:pk>/issue", views.issue, name="issue"),
    path("orders/", views.orders, name="orders"),
    path("orders/new", views.register_order, name="register_order"),
    path("orders/<int:pk>/end", views.end_order, name="end_order"),
]
